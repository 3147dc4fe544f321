import type { LatchkeyError, Reason } from "@latchkey-auth/client";
import { violationText } from "@latchkey-auth/client/texts";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { type LocalizedText, localizedClientText, localizedError } from "../i18n/localized-text";
import { notify } from "../notices/notices";
import { setFieldError } from "./field-error";

/** The fields that a reason is about, where it names none itself. */
const fieldOf: Partial<Record<Reason, string>> = {
  EMAIL_TAKEN: "email",
  PHONE_TAKEN: "phone",
  NICKNAME_TAKEN: "nickname",
};

/**
 * Tells what the server refused: below the fields that it names, the first of which gets the focus, and everything else as
 * a notice. `rename` gives the names that the form has for fields of the request.
 */
export function showRefusal<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  error: LatchkeyError,
  rename: Readonly<Record<string, string>> = {},
): void {
  const messages = new Map<string, LocalizedText>();
  for (const violation of error.fieldViolations) {
    const name = rename[violation.field] ?? violation.field;
    if (!messages.has(name)) {
      messages.set(
        name,
        localizedClientText((texts) => violationText(violation, texts)),
      );
    }
  }
  const byReason = fieldOf[error.reason];
  if (messages.size === 0 && byReason) {
    messages.set(rename[byReason] ?? byReason, localizedError(error));
  }
  // In the order in which the fields stand on the page, whatever the server's.
  const [first, ...others] = [...form.control._names.mount].filter(
    (name) => messages.has(name) && hasField(form, name),
  );
  if (first === undefined) {
    // What is wrong with a field that is not on the page is worth more than "check the marked fields".
    const [hidden] = messages.values();
    notify("error", error.reason === "INVALID_FIELDS" && hidden ? hidden : localizedError(error));
    return;
  }
  for (const name of [...others, first]) {
    const text = messages.get(name);
    if (text) {
      setFieldError(form, name as FieldPath<Values>, "server", text, { shouldFocus: name === first });
    }
  }
}

function hasField<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  name: string,
): boolean {
  return form.control._fields[name] !== undefined;
}
