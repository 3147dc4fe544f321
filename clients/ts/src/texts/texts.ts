import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { FieldViolation } from "../errors/violations.js";
import type { FormRule } from "../form/rule-ids.js";
import type { RuleText } from "../form/rule-texts.js";
import type { ServerRule } from "./server-rule.js";

/** The text for a reason. It may include the attempts left and the time to wait. */
export type ReasonText = string | ((error: Pick<LatchkeyError, "attemptsLeft" | "retryAfter">) => string);

/** The texts of a language, for every reason and every rule. The compiler checks that they are complete. */
export interface Texts {
  /** The text for each reason of an error. */
  readonly reasons: Readonly<Record<Reason, ReasonText>>;
  /** The text for each rule. */
  readonly rules: Readonly<Record<FormRule | ServerRule, RuleText>>;
  /** The labels of buttons. */
  readonly actions: Readonly<Record<"retry", string>>;
}

/** Replacements for some texts. */
export interface TextChanges {
  /** Texts for some reasons. */
  readonly reasons?: Partial<Texts["reasons"]>;
  /** Texts for some rules. */
  readonly rules?: Partial<Texts["rules"]>;
  /** Labels of some buttons. */
  readonly actions?: Partial<Texts["actions"]>;
}

/** Returns texts with some replaced by the application's own. */
export function withTexts(texts: Texts, changes: TextChanges): Texts {
  return {
    reasons: { ...texts.reasons, ...changes.reasons },
    rules: { ...texts.rules, ...changes.rules },
    actions: { ...texts.actions, ...changes.actions },
  };
}

/** Returns the text for an error. */
export function errorText(error: LatchkeyError, texts: Texts): string {
  const text = texts.reasons[error.reason];
  return typeof text === "string" ? text : text(error);
}

/** Returns the text for a violation that the server has reported. */
export function violationText(violation: FieldViolation, texts: Texts): string {
  const text = (texts.rules as Readonly<Record<string, RuleText | undefined>>)[violation.rule];
  if (text === undefined) {
    return violation.message;
  }
  return typeof text === "string" ? text : text({});
}
