import { formatPhone } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import type { FieldValues } from "react-hook-form";
import { TextField, type TextFieldProps } from "../forms/text-field";
import { defineTranslations, useTranslations } from "../i18n/translations";

/** The kind of a contact. */
export type ContactKind = "email" | "phone";

const translations = defineTranslations({
  en: {
    email: "E-mail address",
    phone: "Mobile number",
    optional: (label: string) => `${label} (optional)`,
    emailExample: "name@example.com",
    phoneExample: "010-1234-5678",
  },
  ko: {
    email: "이메일",
    phone: "휴대폰 번호",
    optional: (label: string) => `${label} (선택)`,
    emailExample: "name@example.com",
    phoneExample: "010-1234-5678",
  },
});

interface ContactInputProps<Values extends FieldValues, Output>
  extends Omit<TextFieldProps<Values, Output>, "label" | "type" | "inputMode" | "required"> {
  readonly kind: ContactKind;
  readonly optional?: boolean | undefined;
}

/** A text field for an e-mail address, or for a phone number in the format of the region. */
export function ContactInput<Values extends FieldValues, Output>({
  kind,
  optional,
  ...props
}: ContactInputProps<Values, Output>) {
  const t = useTranslations(translations);
  const region = useSettings().data?.phoneRegion ?? "";
  const email = kind === "email";
  return (
    <TextField
      label={optional ? t.optional(t[kind]) : t[kind]}
      placeholder={email ? t.emailExample : t.phoneExample}
      // Not type="email": browsers trim such a value and rewrite its domain.
      type={email ? "text" : "tel"}
      inputMode={email ? "email" : "tel"}
      autoComplete={email ? "email" : "tel"}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required={!optional}
      {...(!email && { formatValue: (text: string) => formatPhone(text, region) })}
      {...props}
    />
  );
}
