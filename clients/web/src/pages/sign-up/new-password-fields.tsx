import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { NewPasswordField } from "../../forms/new-password-field";
import { PasswordField } from "../../forms/password-field";
import type { PageIssue } from "../../forms/rules-resolver";
import { localized, localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";

const translations = defineTranslations({
  en: { password: "Password", again: "Repeat the password", differs: "The two passwords differ." },
  ko: { password: "비밀번호", again: "비밀번호 확인", differs: "비밀번호가 서로 달라요." },
});

interface NewPasswordFieldsProps<Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly password: FieldPath<Values>;
  readonly again: FieldPath<Values>;
}

/** A new password with what it needs, and once more against typing errors. */
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
        // Not by deps: the repetition has nothing to say before there is one.
        onValueChange={() => form.getValues(again) && void form.trigger(again)}
      />
      <PasswordField control={form.control} name={again} label={t.again} autoComplete="new-password" />
    </>
  );
}

/** Tells that the repetition is not the password. One that is yet to be typed is wrong only when the form is sent. */
export function differing(password: string, again: string): PageIssue[] {
  return again !== "" && again !== password
    ? [{ field: "again", text: localized(translations, (t) => t.differs) }]
    : [];
}

/** Tells that the repetition is missing. */
export function notRepeated(again: string): PageIssue[] {
  return again === "" ? [{ field: "again", text: localizedClientText(({ rules }) => rules.required as string) }] : [];
}
