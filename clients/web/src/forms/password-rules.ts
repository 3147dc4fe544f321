import type { PasswordPolicy } from "@latchkey-auth/client";

/** The special characters that a generator may take: those that every keyboard has, without the blank, which is none here. */
const special = "[-~!@#$%^&*_+=|(){}:;<>,.?/]";

/**
 * Returns a policy as password managers read it, in the attribute `passwordrules`: otherwise they propose passwords that are
 * refused (Apple, Customizing Password AutoFill Rules).
 */
export function passwordRules(policy: PasswordPolicy): string {
  const rules = [
    `minlength: ${policy.minLength}`,
    `maxlength: ${policy.maxLength}`,
    policy.requireLetter && "required: lower",
    policy.requireUpper && "required: upper",
    policy.requireDigit && "required: digit",
    policy.requireSpecial && `required: ${special}`,
  ];
  return `${rules.filter(Boolean).join("; ")};`;
}
