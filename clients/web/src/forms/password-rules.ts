import type { PasswordPolicy } from "@latchkey-auth/client";

/** The special characters for generated passwords: those on every keyboard. A space does not count as one in the policy. */
const special = "[-~!@#$%^&*_+=|(){}:;<>,.?/]";

/**
 * Returns a policy in the format of the attribute `passwordrules` (Apple, Customizing Password AutoFill Rules). Without it,
 * password managers propose passwords that the server rejects.
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
