import type { FieldViolation as WireViolation } from "../gen/latchkey/v1/error_pb.js";

/** One rule that one field breaks. */
export interface FieldViolation {
  /** The field's path in lowerCamelCase, such as `newPassword` or `verificationIds[1]`; empty for the request as a whole. */
  readonly field: string;
  /** The rule's stable id, such as `string.max_len` or `password.digit`. */
  readonly rule: string;
  /** What is wrong, in English. `violationText` gives it in the user's language. */
  readonly message: string;
}

/** Broken rules by field, as lists that are never empty. */
export type Violations = Readonly<Record<string, readonly FieldViolation[]>>;

/** Sorts violations by their fields. */
export function violationsByField(violations: readonly WireViolation[]): Violations {
  // Field names come from outside: no name may reach Object.prototype.
  const sorted = Object.create(null) as Record<string, FieldViolation[]>;
  for (const { field, rule, message } of violations) {
    const found = sorted[field] ?? [];
    found.push({ field, rule, message });
    sorted[field] = found;
  }
  return sorted;
}
