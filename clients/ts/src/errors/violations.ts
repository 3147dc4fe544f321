import type { FieldViolation as WireViolation } from "../gen/latchkey/v1/error_pb.js";

/** A rule that a field violates. */
export interface FieldViolation {
  /** The field's path in lowerCamelCase, such as `newPassword` or `verificationIds[1]`; empty for the request as a whole. */
  readonly field: string;
  /** The rule's stable id, such as `string.max_len` or `password.digit`. */
  readonly rule: string;
  /** The message in English. `violationText` returns it in the user's language. */
  readonly message: string;
}

/** Violations by field. The lists are never empty. */
export type Violations = Readonly<Record<string, readonly FieldViolation[]>>;

/** Groups violations by field. */
export function groupByField(violations: readonly WireViolation[]): Violations {
  // No prototype, because field names come from the network.
  const sorted = Object.create(null) as Record<string, FieldViolation[]>;
  for (const { field, rule, message } of violations) {
    const found = sorted[field] ?? [];
    found.push({ field, rule, message });
    sorted[field] = found;
  }
  return sorted;
}
