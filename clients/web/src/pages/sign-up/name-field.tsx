import type { Control, FieldPath, FieldValues } from "react-hook-form";
import { TextField } from "../../forms/text-field";
import { defineTranslations, useTranslations } from "../../i18n/translations";

const translations = defineTranslations({ en: { label: "Name" }, ko: { label: "이름" } });

interface NameFieldProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
}

/** The full name in one field: many people have no separate first and last name (W3C, Personal names around the world). */
export function NameField<Values extends FieldValues, Output>(props: NameFieldProps<Values, Output>) {
  return (
    <TextField
      {...props}
      label={useTranslations(translations).label}
      required
      enterKeyHint="next"
      autoComplete="name"
      spellCheck={false}
    />
  );
}
