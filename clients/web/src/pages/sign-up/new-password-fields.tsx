import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { NewPasswordField } from "../../forms/new-password-field";
import { PasswordField } from "../../forms/password-field";
import type { PageIssue } from "../../forms/rules-resolver";
import { localized, localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";

const translations = defineTranslations({
  en: { password: "Password", again: "Repeat the password", differs: "The passwords do not match." },
  ko: { password: "비밀번호", again: "비밀번호 확인", differs: "비밀번호가 서로 달라요." },
});

interface NewPasswordFieldsProps<Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly password: FieldPath<Values>;
  readonly again: FieldPath<Values>;
}

/** The fields for a new password and its repetition. */
export function NewPasswordFields<Values extends FieldValues, Output>({
  form,
  password,
  again,
}: NewPasswordFieldsProps<Values, Output>) {
  const t = useTranslations(translations);
  return (
    <>
      <NewPasswordField
        control={form.control}
        name={password}
        label={t.password}
        // Not `deps`: an empty repetition must not be validated yet.
        onValueChange={() => form.getValues(again) && void form.trigger(again)}
      />
      <PasswordField control={form.control} name={again} label={t.again} autoComplete="new-password" />
    </>
  );
}

/** Returns an issue if the repetition differs from the password. An empty repetition is checked on submit only. */
export function checkRepetition(password: string, again: string): PageIssue[] {
  return again !== "" && again !== password
    ? [{ field: "again", text: localized(translations, (t) => t.differs) }]
    : [];
}

/** Returns an issue if the repetition is empty. */
export function requireRepetition(again: string): PageIssue[] {
  return again === "" ? [{ field: "again", text: localizedClientText(({ rules }) => rules.required as string) }] : [];
}
