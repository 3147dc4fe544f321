import { type DescMessage, type FormIssue, type FormSchema, ruleText } from "@latchkey-auth/client";
import type { FieldValues, ResolverResult } from "react-hook-form";
import { type Spoken, spokenText } from "../i18n/spoken";
import { type SpokenFieldError, spokenFieldError } from "./field-error";

/** What a page's own rule says is wrong. */
export interface PageIssue {
  readonly field: string;
  readonly spoken: Spoken;
}

/** The request that a form with these rules sends. */
export type RequestOfRules<Desc extends DescMessage> = Extract<
  ReturnType<FormSchema<Desc>["~standard"]["validate"]>,
  { value: unknown }
>["value"];

/** Validates a form's values by the rules of a request and of the page, with one error for each field. */
export function resolveByRules<Desc extends DescMessage, Values extends FieldValues>(
  schema: FormSchema<Desc>,
  request: Record<string, unknown>,
  rename: Readonly<Record<string, string>>,
  pageIssues: readonly PageIssue[],
): ResolverResult<Values, RequestOfRules<Desc>> {
  const result = schema["~standard"].validate(request);
  const errors: Record<string, SpokenFieldError> = {};
  for (const issue of result.issues ?? []) {
    const field = String(issue.path?.[0] ?? "");
    errors[rename[field] ?? field] ??= spokenFieldError(issue.rule ?? "rule", sentenceOf(issue));
  }
  for (const { field, spoken } of pageIssues) {
    errors[field] ??= spokenFieldError("page", spoken);
  }
  return "value" in result && Object.keys(errors).length === 0
    ? { values: result.value as never, errors: {} }
    : { values: {}, errors: errors as never };
}

function sentenceOf({ rule, limits, message }: FormIssue): Spoken {
  return rule ? spokenText((texts) => ruleText(texts.rules, { rule, ...(limits && { limits }) })) : () => message;
}
