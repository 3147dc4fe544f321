import type { FormRule } from "./rule-ids.js";

/** The numbers and values that a rule speaks of: a length, or what can be chosen. */
export interface RuleLimits {
  /** The least length or number. */
  readonly min?: number;
  /** The greatest length or number. */
  readonly max?: number;
  /** What can be chosen. */
  readonly choices?: readonly string[];
}

/** A rule that a field of a form breaks. */
export interface BrokenRule {
  /** Where: names of fields, indexes of lists, keys of maps. */
  readonly path: readonly (string | number)[];
  readonly rule: FormRule;
  readonly limits?: RuleLimits;
}
