import { FinishSocialSignUpRequestSchema, type LatchkeyError } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useEffect, useState } from "react";
import type { PageIssue } from "../../forms/rules-resolver";
import { showServerErrors } from "../../forms/server-errors";
import { SubmitButton } from "../../forms/submit-button";
import { trim } from "../../forms/trim";
import { useRulesForm } from "../../forms/use-rules-form";
import { localized, localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { ContactFields } from "../../verification/contact-fields";
import { proveAgain, useProofs } from "../../verification/use-proofs";
import { SettingsPending } from "../settings-pending";
import { type MissingField, missingContacts, missingFields } from "./missing-fields";
import { NameField } from "./name-field";
import { NicknameField } from "./nickname-field";
import { RoleChoice } from "./role-choice";
import { isDead } from "./use-ticket";

const translations = defineTranslations({
  en: { submit: "Create account", welcome: "Welcome! Your account is ready." },
  ko: { submit: "가입하기", welcome: "환영해요! 가입이 완료됐어요." },
});

interface FinishSocialFormProps {
  readonly ticket: string;
  /** The refusal that names what is missing. */
  readonly refused: LatchkeyError;
  /** Is called when the ticket has become too old meanwhile. */
  readonly onDead: () => void;
}

/** Asks for what is missing after a social sign-in, and for nothing else. */
export function FinishSocialForm({ ticket, refused, onDead }: FinishSocialFormProps) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const { data: settings } = useSettings();
  const [fields, setFields] = useState<readonly MissingField[]>(() => missingFields(refused));
  const [latest, setLatest] = useState(refused);
  const asked = settings ? missingContacts(fields, settings) : [];
  // Under the ticket, which stands in the address anyway: the next one at this tab has another.
  const proofs = useProofs(`finish ${ticket}`);
  const empty = (values: Readonly<Record<MissingField, string>>): PageIssue[] =>
    fields
      .filter((field) => trim(values[field]) === "")
      .map((field) => ({ field, text: localizedClientText(({ rules }) => rules.required as string) }));
  const form = useRulesForm(FinishSocialSignUpRequestSchema, {
    defaultValues: { email: "", phone: "", name: "", nickname: "", role: "", ...proofs.contacts },
    check: empty,
    checkOnSubmit: () => proofs.missing(asked),
    toRequest: ({ email, phone, name, nickname, role }) => ({
      ticket,
      email: trim(email),
      phone: trim(phone),
      name: trim(name),
      nickname: trim(nickname),
      role,
      verificationIds: proofs.ids,
    }),
  });

  useEffect(() => {
    // What is merely missing shows by the field; what the provider told and somebody else has, needs words.
    if (latest.reason.endsWith("_TAKEN")) {
      showServerErrors(form, latest);
    }
  }, [form, latest]);

  const submit = form.submitHandler(
    async (request) => {
      await auth.finishSocialSignUp(request);
      notify(
        "success",
        localized(translations, (t) => t.welcome),
      );
    },
    (error) => {
      const more = missingFields(error).filter((field) => !fields.includes(field));
      if (more.length > 0) {
        setFields([...fields, ...more]);
        setLatest(error);
        return true;
      }
      if (isDead(error)) {
        onDead();
        return true;
      }
      return proveAgain(form, proofs, asked, error);
    },
  );

  if (!settings) {
    return <SettingsPending />;
  }
  return (
    <form noValidate onSubmit={submit} className="space-y-5">
      <ContactFields form={form} asked={asked} proofs={proofs} />
      {fields.includes("name") && <NameField control={form.control} name="name" />}
      {fields.includes("nickname") && <NicknameField form={form} name="nickname" />}
      {fields.includes("role") && <RoleChoice control={form.control} name="role" roles={settings.roles} />}
      <SubmitButton control={form.control}>{t.submit}</SubmitButton>
    </form>
  );
}
