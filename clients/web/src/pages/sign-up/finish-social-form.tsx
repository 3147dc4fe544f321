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
import { requestNewProofs, useProofs } from "../../verification/use-proofs";
import { SettingsPending } from "../settings-pending";
import { type MissingField, missingContacts, missingFields } from "./missing-fields";
import { NameField } from "./name-field";
import { NicknameField } from "./nickname-field";
import { RoleChoice } from "./role-choice";
import { isTicketError } from "./use-ticket";

const translations = defineTranslations({
  en: { submit: "Create account", welcome: "Welcome! Your account is ready." },
  ko: { submit: "가입하기", welcome: "환영해요! 가입이 완료됐어요." },
});

interface FinishSocialFormProps {
  readonly ticket: string;
  /** The error that names the missing fields. */
  readonly error: LatchkeyError;
  /** Called when the ticket has expired. */
  readonly onExpired: () => void;
}

/** Asks for the fields that are missing after a social sign-in. */
export function FinishSocialForm({ ticket, error, onExpired }: FinishSocialFormProps) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const { data: settings } = useSettings();
  const [fields, setFields] = useState<readonly MissingField[]>(() => missingFields(error));
  const [latest, setLatest] = useState(error);
  const asked = settings ? missingContacts(fields, settings) : [];
  // Stored under the ticket, so that the next user of this tab, who has another ticket, does not see it.
  const proofs = useProofs(`finish ${ticket}`);
  const requireFields = (values: Readonly<Record<MissingField, string>>): PageIssue[] =>
    fields
      .filter((field) => trim(values[field]) === "")
      .map((field) => ({ field, text: localizedClientText(({ rules }) => rules.required as string) }));
  const form = useRulesForm(FinishSocialSignUpRequestSchema, {
    defaultValues: { email: "", phone: "", name: "", nickname: "", role: "", ...proofs.contacts },
    check: requireFields,
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
    // A missing value needs no error: its field is empty. A value from the provider that is already taken does.
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
      if (isTicketError(error)) {
        onExpired();
        return true;
      }
      return requestNewProofs(form, proofs, asked, error);
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
