import { useLatchkey } from "@latchkey-auth/client/react";
import { useState } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { setFieldError } from "../../forms/field-error";
import { TextField } from "../../forms/text-field";
import { trim } from "../../forms/trim";
import { localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";

const translations = defineTranslations({
  en: { label: "Nickname", hint: "Others see this name.", available: "This nickname is available." },
  ko: { label: "닉네임", hint: "다른 사람에게 보이는 이름이에요.", available: "사용할 수 있는 닉네임이에요." },
});

interface NicknameFieldProps<Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
}

/** The nickname field. On blur it checks in the background whether the nickname is available. */
export function NicknameField<Values extends FieldValues, Output>({ form, name }: NicknameFieldProps<Values, Output>) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const [available, setAvailable] = useState<string>();

  async function checkAvailability() {
    const nickname = trim(String(form.getValues(name)));
    if (nickname === "" || nickname === available || !(await form.trigger(name))) {
      return;
    }
    // A failure is ignored, because the server checks again when the form is submitted.
    const answer = await auth.checkAvailability({ nickname }).catch(() => undefined);
    if (!answer || trim(String(form.getValues(name))) !== nickname) {
      return;
    }
    if (answer.available) {
      setAvailable(nickname);
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
        <span aria-live="polite" className={available === undefined ? "" : "font-medium text-good"}>
          {available === undefined ? t.hint : t.available}
        </span>
      }
      autoComplete="nickname"
      required
      enterKeyHint="next"
      spellCheck={false}
      onInput={() => setAvailable(undefined)}
      onBlur={() => void checkAvailability()}
    />
  );
}
