import type { PasswordPolicy } from "../gen/latchkey/v1/settings_pb.js";
import type { RuleLimits } from "./broken-rule.js";
import { codePoints } from "./check-text.js";
import type { PasswordRule } from "./rule-ids.js";

/** A rule of the policy, and whether a password meets it. */
export interface PasswordCheck {
  /** The rule's stable id. */
  readonly rule: PasswordRule;
  /** Whether the password meets it. */
  readonly met: boolean;
  /** The limits of the rule, for its text. */
  readonly limits?: RuleLimits;
}

/**
 * Returns every rule of the policy, met or not, in display order: for a checklist while the user types. The rules
 * `password.control_character` and `password.max_bytes` are included only when they are violated.
 */
export function checkPassword(policy: PasswordPolicy, password: string): PasswordCheck[] {
  // Like the server: a letter and its accent are one character, however they were typed.
  const text = password.normalize();
  const length = codePoints(text);
  const tooLong = length > policy.maxLength;
  const checks: (PasswordCheck | false)[] = [
    { rule: "password.min_length", met: length >= policy.minLength && length > 0, limits: { min: policy.minLength } },
    { rule: "password.max_length", met: !tooLong, limits: { max: policy.maxLength } },
    !tooLong &&
      new TextEncoder().encode(text).length > policy.maxBytes && {
        rule: "password.max_bytes",
        met: false,
        limits: { max: policy.maxBytes },
      },
    policy.requireLetter && { rule: "password.letter", met: /\p{L}/u.test(text) },
    policy.requireUpper && { rule: "password.upper", met: /\p{Lu}/u.test(text) },
    policy.requireDigit && { rule: "password.digit", met: /\p{Nd}/u.test(text) },
    policy.requireSpecial && { rule: "password.special", met: /[\p{P}\p{S}]/u.test(text) },
    /[\p{Cc}\p{Cs}]/u.test(text) && { rule: "password.control_character", met: false },
  ];
  return checks.filter((check) => check !== false);
}
