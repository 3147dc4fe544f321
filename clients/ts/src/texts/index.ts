/** The texts for errors and rules, in Korean and English. */

export type { RuleLimits } from "../form/broken-rule.js";
export type { FormRule } from "../form/rule-ids.js";
export type { RuleText } from "../form/rule-texts.js";
export { en } from "./en.js";
export { ko } from "./ko.js";
export type { ServerRule } from "./server-rule.js";
export { errorText, type ReasonText, type TextChanges, type Texts, violationText, withTexts } from "./texts.js";
