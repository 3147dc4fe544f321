import type { FieldError, FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import type { LocalizedText } from "../i18n/localized-text";
import { useLocale } from "../i18n/use-locale";

/** An error in the state of react-hook-form. It holds a localized text, so that it follows a change of language. */
export interface LocalizedFieldError extends FieldError {
  readonly localized: LocalizedText;
}

/** Returns a field error with a localized text. */
export function localizedFieldError(type: string, text: LocalizedText): LocalizedFieldError {
  return { type, message: "", localized: text };
}

/** Shows an error below a field. It disappears when the field is validated again. */
export function setFieldError<Values extends FieldValues, Output>(
  form: Pick<UseFormReturn<Values, unknown, Output>, "setError">,
  name: FieldPath<Values>,
  type: string,
  text: LocalizedText,
  options?: { readonly shouldFocus: boolean },
): void {
  form.setError(name, localizedFieldError(type, text), options);
}

/** Returns the text of a field error in the current language. */
export function useFieldErrorText(error: FieldError | undefined): string | undefined {
  const locale = useLocale((state) => state.locale);
  if (error === undefined) {
    return undefined;
  }
  return "localized" in error ? (error as LocalizedFieldError).localized(locale) : error.message;
}
