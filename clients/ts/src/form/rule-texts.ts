import type { BrokenRule, RuleLimits } from "./broken-rule.js";
import type { FormRule } from "./rule-ids.js";

/** The text for a rule. It receives the limits where they are known: in a form, but not in an error of the server. */
export type RuleText = string | ((limits: RuleLimits) => string);

/** The texts for all rules that a form checks. */
export type RuleTexts = Readonly<Record<FormRule, RuleText>>;

/** Returns the text for a violated rule. */
export function ruleText(texts: RuleTexts, { rule, limits = {} }: Pick<BrokenRule, "rule" | "limits">): string {
  const text = texts[rule];
  return typeof text === "string" ? text : text(limits);
}
