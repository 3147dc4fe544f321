import type { BrokenRule, RuleLimits } from "./broken-rule.js";
import type { FormRule } from "./rule-ids.js";

/** The words for one rule. A rule with a limit gets it where it is known: in a form, not in an answer of the server. */
export type RuleText = string | ((limits: RuleLimits) => string);

/** The words for every rule that a form checks. */
export type RuleTexts = Readonly<Record<FormRule, RuleText>>;

/** Returns the words for a broken rule. */
export function ruleText(texts: RuleTexts, { rule, limits = {} }: Pick<BrokenRule, "rule" | "limits">): string {
  const text = texts[rule];
  return typeof text === "string" ? text : text(limits);
}
