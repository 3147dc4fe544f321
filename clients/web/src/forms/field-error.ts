import type { FieldError, FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import type { Spoken } from "../i18n/spoken";
import { useLocale } from "../i18n/use-locale";

/** What a form's library keeps for a field: with a sentence instead of a text, so that it follows the language. */
export interface SpokenFieldError extends FieldError {
  readonly spoken: Spoken;
}

/** Makes an error of a field. */
export function spokenFieldError(type: string, sentence: Spoken): SpokenFieldError {
  return { type, message: "", spoken: sentence };
}

/** Shows an error below a field, until what is typed there is validated again. */
export function setFieldError<Values extends FieldValues, Output>(
  form: Pick<UseFormReturn<Values, unknown, Output>, "setError">,
  name: FieldPath<Values>,
  type: string,
  sentence: Spoken,
  options?: { readonly shouldFocus: boolean },
): void {
  form.setError(name, spokenFieldError(type, sentence), options);
}

/** Returns an error of a field in words, in the present language. */
export function useFieldErrorText(error: FieldError | undefined): string | undefined {
  const locale = useLocale((state) => state.locale);
  if (error === undefined) {
    return undefined;
  }
  return "spoken" in error ? (error as SpokenFieldError).spoken(locale) : error.message;
}
