import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { FieldViolation } from "../errors/violations.js";
import type { FormRule } from "../form/rule-ids.js";
import type { RuleText } from "../form/rule-texts.js";
import type { ServerRule } from "./server-rule.js";

/** The words for one reason. They may tell what the error knows: the tries that are left, the time to wait. */
export type ReasonText = string | ((error: Pick<LatchkeyError, "attemptsLeft" | "retryAfter">) => string);

/** The words of one language, for every reason and every rule. The compiler sees to it that none is missing. */
export interface Texts {
  /** The words for each reason of an error. */
  readonly reasons: Readonly<Record<Reason, ReasonText>>;
  /** The words for each rule that a field can break. */
  readonly rules: Readonly<Record<FormRule | ServerRule, RuleText>>;
  /** The words on buttons. */
  readonly actions: Readonly<Record<"retry", string>>;
}

/** Words that replace others. */
export interface TextChanges {
  /** Words for some reasons. */
  readonly reasons?: Partial<Texts["reasons"]>;
  /** Words for some rules. */
  readonly rules?: Partial<Texts["rules"]>;
  /** Words on some buttons. */
  readonly actions?: Partial<Texts["actions"]>;
}

/** Gives texts with some of their words replaced by the application's own. */
export function withTexts(texts: Texts, changes: TextChanges): Texts {
  return {
    reasons: { ...texts.reasons, ...changes.reasons },
    rules: { ...texts.rules, ...changes.rules },
    actions: { ...texts.actions, ...changes.actions },
  };
}

/** Gives the words for an error. */
export function errorText(error: LatchkeyError, texts: Texts): string {
  const text = texts.reasons[error.reason];
  return typeof text === "string" ? text : text(error);
}

/** Gives the words for what the server says is wrong with a field. */
export function violationText(violation: FieldViolation, texts: Texts): string {
  const text = (texts.rules as Readonly<Record<string, RuleText | undefined>>)[violation.rule];
  if (text === undefined) {
    return violation.message;
  }
  return typeof text === "string" ? text : text({});
}
