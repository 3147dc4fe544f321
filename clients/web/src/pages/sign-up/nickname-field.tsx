import { useLatchkey } from "@latchkey-auth/client/react";
import { useState } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { setFieldError } from "../../forms/field-error";
import { TextField } from "../../forms/text-field";
import { trim } from "../../forms/trim";
import { localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";

const translations = defineTranslations({
  en: { label: "Nickname", hint: "This is what others see.", free: "This nickname is free." },
  ko: { label: "닉네임", hint: "다른 사람에게 보이는 이름이에요.", free: "사용할 수 있는 닉네임이에요." },
});

interface NicknameFieldProps<Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
}

/** A nickname; whoever leaves the field is told whether it is still free. Nobody has to wait for that. */
export function NicknameField<Values extends FieldValues, Output>({ form, name }: NicknameFieldProps<Values, Output>) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const [free, setFree] = useState<string>();

  async function look() {
    const nickname = trim(String(form.getValues(name)));
    if (nickname === "" || nickname === free || !(await form.trigger(name))) {
      return;
    }
    // Whether it is free is told again when the form is sent, so a failure is of no interest.
    const answer = await auth.checkAvailability({ nickname }).catch(() => undefined);
    if (!answer || trim(String(form.getValues(name))) !== nickname) {
      return;
    }
    if (answer.available) {
      setFree(nickname);
    } else {
      setFieldError(
        form,
        name,
        "taken",
        localizedClientText(({ reasons }) => reasons.NICKNAME_TAKEN as string),
      );
    }
  }

  return (
    <TextField
      control={form.control}
      name={name}
      label={t.label}
      hint={
        <span aria-live="polite" className={free === undefined ? "" : "font-medium text-good"}>
          {free === undefined ? t.hint : t.free}
        </span>
      }
      autoComplete="nickname"
      required
      enterKeyHint="next"
      spellCheck={false}
      onInput={() => setFree(undefined)}
      onBlur={() => void look()}
    />
  );
}
