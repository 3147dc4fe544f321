import { Purpose } from "@latchkey-auth/client";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { defineTranslations, useTranslations } from "../i18n/translations";
import type { AskedContact } from "./asked-contacts";
import { ContactField } from "./contact-field";
import { ContactInput } from "./contact-input";
import type { Proofs } from "./use-proofs";

const translations = defineTranslations({
  en: {
    email: "With a code you can sign in by this address, too.",
    phone: "With a code you can sign in by this number, too.",
  },
  ko: {
    email: "인증하면 이 주소로도 로그인할 수 있어요.",
    phone: "인증하면 이 번호로도 로그인할 수 있어요.",
  },
});

interface ContactFieldsProps<Values extends FieldValues, Output> {
  /** Its fields for contacts are called `email` and `phone`. */
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly asked: readonly AskedContact[];
  readonly proofs: Proofs;
}

/** The contacts of somebody who signs up, proven as far as this server wants them to be. */
export function ContactFields<Values extends FieldValues, Output>({
  form,
  asked,
  proofs,
}: ContactFieldsProps<Values, Output>) {
  const t = useTranslations(translations);
  return asked.map(({ kind, optional, proof }) => {
    const name = kind as string as FieldPath<Values>;
    return proof === "none" ? (
      <ContactInput key={kind} control={form.control} name={name} kind={kind} enterKeyHint="next" />
    ) : (
      <ContactField
        key={`${kind} ${proofs.round(kind)}`}
        form={form}
        kind={kind}
        name={name}
        purpose={Purpose.SIGN_UP}
        optional={optional}
        hint={optional ? t[kind] : undefined}
        keepAs={proofs.keepAs(kind)}
        onProven={(verificationId) => proofs.set(kind, verificationId)}
      />
    );
  });
}
