import type { LatchkeyError, Reason } from "@latchkey-auth/client";
import { violationText } from "@latchkey-auth/client/texts";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { type LocalizedText, localizedClientText, localizedError } from "../i18n/localized-text";
import { notify } from "../notices/notices";
import { setFieldError } from "./field-error";

/** The field for a reason, where the error has no violations. */
const fieldByReason: Partial<Record<Reason, string>> = {
  EMAIL_TAKEN: "email",
  PHONE_TAKEN: "phone",
  NICKNAME_TAKEN: "nickname",
};

/**
 * Shows an error of the server: violations below their fields, the first of which gets the focus, and everything else as a
 * notice. `fieldNames` maps fields of the request to fields of the form.
 */
export function showServerErrors<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  error: LatchkeyError,
  fieldNames: Readonly<Record<string, string>> = {},
): void {
  const messages = new Map<string, LocalizedText>();
  for (const violation of error.fieldViolations) {
    const name = fieldNames[violation.field] ?? violation.field;
    if (!messages.has(name)) {
      messages.set(
        name,
        localizedClientText((texts) => violationText(violation, texts)),
      );
    }
  }
  const byReason = fieldByReason[error.reason];
  if (messages.size === 0 && byReason) {
    messages.set(fieldNames[byReason] ?? byReason, localizedError(error));
  }
  // In the order of the fields on the page, which may differ from the server's order.
  const [first, ...others] = [...form.control._names.mount].filter(
    (name) => messages.has(name) && hasField(form, name),
  );
  if (first === undefined) {
    // A violation of a field that is not on the page is more specific than "check the marked fields".
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
