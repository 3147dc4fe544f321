import type { FormIssue } from "@latchkey-auth/client";
import type { Texts } from "@latchkey-auth/client/texts";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { PasswordChecklist } from "../../forms/password-checklist";
import { PasswordField } from "../../forms/password-field";
import { defineWords, useWords, type Words } from "../../i18n/words";

export const newPasswordWords = defineWords({
  en: { password: "Password", again: "Repeat the password", differs: "The two passwords differ." },
  ko: { password: "비밀번호", again: "비밀번호 확인", differs: "비밀번호가 서로 달라요." },
});

type PasswordWords = typeof newPasswordWords extends Words<infer W> ? W : never;

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
  const say = useWords(newPasswordWords);
  return (
    <>
      <div className="space-y-3">
        <PasswordField
          control={form.control}
          name={password}
          label={say.password}
          // Not by deps: the repetition has nothing to say before there is one.
          onTyped={() => form.getValues(again) && void form.trigger(again)}
          autoComplete="new-password"
        />
        <PasswordChecklist control={form.control} name={password} />
      </div>
      <PasswordField control={form.control} name={again} label={say.again} autoComplete="new-password" />
    </>
  );
}

/** Tells that the repetition is not the password. One that is yet to be typed is wrong only when the form is sent. */
export function differing(password: string, again: string, say: PasswordWords): FormIssue[] {
  return again !== "" && again !== password ? [{ path: ["again"], message: say.differs }] : [];
}

/** Tells that the repetition is missing. */
export function notRepeated(again: string, texts: Texts): FormIssue[] {
  return again === "" ? [{ path: ["again"], message: texts.rules.required as string }] : [];
}
