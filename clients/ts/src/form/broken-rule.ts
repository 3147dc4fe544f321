import type { FormRule } from "./rule-ids.js";

/** The limits of a rule, for its message. */
export interface RuleLimits {
  /** The minimum length or number. */
  readonly min?: number;
  /** The maximum length or number. */
  readonly max?: number;
  /** The allowed values. */
  readonly choices?: readonly string[];
}

/** A rule that a field of a form violates. */
export interface BrokenRule {
  /** The path of the value: names of fields, indexes of lists, keys of maps. */
  readonly path: readonly (string | number)[];
  readonly rule: FormRule;
  readonly limits?: RuleLimits;
}
