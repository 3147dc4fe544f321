import { type DescMessage, type FormIssue, type FormSchema, ruleText } from "@latchkey-auth/client";
import type { FieldValues, ResolverResult } from "react-hook-form";
import { type LocalizedText, localizedClientText } from "../i18n/localized-text";
import { type LocalizedFieldError, localizedFieldError } from "./field-error";

/** A violation of a rule that belongs to the page, not to the request. */
export interface PageIssue {
  readonly field: string;
  readonly text: LocalizedText;
}

/** The request that a form submits. */
export type FormRequest<Desc extends DescMessage> = Extract<
  ReturnType<FormSchema<Desc>["~standard"]["validate"]>,
  { value: unknown }
>["value"];

/** Validates the values of a form against the rules of the request and of the page. Returns one error per field. */
export function resolveWithRules<Desc extends DescMessage, Values extends FieldValues>(
  schema: FormSchema<Desc>,
  request: Record<string, unknown>,
  fieldNames: Readonly<Record<string, string>>,
  pageIssues: readonly PageIssue[],
): ResolverResult<Values, FormRequest<Desc>> {
  const result = schema["~standard"].validate(request);
  const errors: Record<string, LocalizedFieldError> = {};
  for (const issue of result.issues ?? []) {
    const field = String(issue.path?.[0] ?? "");
    errors[fieldNames[field] ?? field] ??= localizedFieldError(issue.rule ?? "rule", issueText(issue));
  }
  for (const { field, text } of pageIssues) {
    errors[field] ??= localizedFieldError("page", text);
  }
  return "value" in result && Object.keys(errors).length === 0
    ? { values: result.value as never, errors: {} }
    : { values: {}, errors: errors as never };
}

function issueText({ rule, limits, message }: FormIssue): LocalizedText {
  return rule
    ? localizedClientText((texts) => ruleText(texts.rules, { rule, ...(limits && { limits }) }))
    : () => message;
}
