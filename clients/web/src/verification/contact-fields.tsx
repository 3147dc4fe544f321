import { Purpose } from "@latchkey-auth/client";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { ContactField } from "./contact-field";
import { ContactInput } from "./contact-input";
import type { ContactRequirement } from "./contact-requirements";
import type { Proofs } from "./use-proofs";

const translations = defineTranslations({
  en: {
    email: "Verify it to sign in with this address, too.",
    phone: "Verify it to sign in with this number, too.",
  },
  ko: {
    email: "인증하면 이 주소로도 로그인할 수 있어요.",
    phone: "인증하면 이 번호로도 로그인할 수 있어요.",
  },
});

interface ContactFieldsProps<Values extends FieldValues, Output> {
  /** The form. Its contact fields are named `email` and `phone`. */
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly asked: readonly ContactRequirement[];
  readonly proofs: Proofs;
}

/** The contact fields of a sign-up, with proofs where the server requires or allows them. */
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
        key={`${kind} ${proofs.resetCount(kind)}`}
        form={form}
        kind={kind}
        name={name}
        purpose={Purpose.SIGN_UP}
        optional={optional}
        hint={optional ? t[kind] : undefined}
        storageKey={proofs.storageKey(kind)}
        onProven={(verificationId) => proofs.set(kind, verificationId)}
      />
    );
  });
}
