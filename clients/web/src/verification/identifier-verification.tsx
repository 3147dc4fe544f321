import { formatPhone, type Purpose, SendCodeRequestSchema } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import { useEffect, useEffectEvent } from "react";
import { SubmitButton } from "../forms/submit-button";
import { TextField } from "../forms/text-field";
import { useRulesForm } from "../forms/use-rules-form";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { CodeEntry } from "./code-entry";
import { contactOf } from "./identifier";
import type { SentCode } from "./sent-code";
import { useContactText } from "./use-contact-text";
import { useVerification } from "./use-verification";

const translations = defineTranslations({
  en: {
    identifier: "E-mail address or mobile number",
    send: "Send code",
    change: "Change",
    sentTo: (to: string) => `If there is an account with ${to}, a code is on its way there.`,
  },
  ko: {
    identifier: "이메일 또는 휴대폰 번호",
    send: "인증번호 받기",
    change: "변경",
    sentTo: (to: string) => `${to} 계정이 있으면 인증번호를 보내 드려요.`,
  },
});

interface IdentifierVerificationProps {
  readonly purpose: Purpose;
  /** Keeps the code under this name for a user who leaves the page or loads it again. */
  readonly keepAs: string;
  /** What the field holds at first, unless a code is kept. */
  readonly identifier: string;
  /** Is told what is typed into the field. */
  readonly onIdentifier?: (identifier: string) => void;
  /** The words of the button that repeats what onProven does. */
  readonly submit?: string;
  /** Is called once the code was right, see CodeEntry. */
  readonly onProven: (code: SentCode) => unknown;
}

/**
 * Proves that somebody holds the address or number of an account, by a code that is sent there. Whether there is such an
 * account is not told.
 */
export function IdentifierVerification({
  purpose,
  keepAs,
  identifier,
  onIdentifier,
  submit,
  onProven,
}: IdentifierVerificationProps) {
  const t = useTranslations(translations);
  const region = useSettings().data?.phoneRegion ?? "";
  const contactText = useContactText();
  const verification = useVerification(purpose, keepAs);
  const { sent } = verification;
  const form = useRulesForm(SendCodeRequestSchema, {
    defaultValues: { identifier: sent?.contact.email ?? sent?.contact.phone ?? identifier },
    fieldNames: { email: "identifier", phone: "identifier", contact: "identifier" },
    toRequest: (values) => ({ purpose, ...contactOf(values.identifier) }),
  });

  // When it comes, and when a code was of no use after all.
  const isTyping = sent === undefined;
  useEffect(() => {
    if (isTyping) {
      form.setFocus("identifier");
    }
  }, [isTyping, form]);

  const tell = useEffectEvent((values: { identifier: string }) => onIdentifier?.(values.identifier));
  useEffect(() => form.subscribe({ formState: { values: true }, callback: ({ values }) => tell(values) }), [form]);

  function change() {
    verification.forget();
    // After the input can be written in again.
    setTimeout(() => form.setFocus("identifier", { shouldSelect: true }));
  }

  return (
    <div className="space-y-5">
      <form
        noValidate
        className="space-y-5"
        onSubmit={form.submitHandler(() => verification.send(contactOf(form.getValues("identifier"))))}
      >
        <TextField
          control={form.control}
          name="identifier"
          label={t.identifier}
          required
          enterKeyHint="send"
          formatValue={(text) => formatPhone(text, region)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          readOnly={sent !== undefined}
          aside={
            sent && (
              <button
                type="button"
                onClick={change}
                className="-my-2 min-h-11 shrink-0 rounded px-2 text-sm whitespace-nowrap text-accent underline underline-offset-4"
              >
                {t.change}
              </button>
            )
          }
        />
        {!sent && <SubmitButton control={form.control}>{t.send}</SubmitButton>}
      </form>
      {sent && (
        <CodeEntry
          verification={verification}
          sent={sent}
          hint={t.sentTo(contactText(sent.contact))}
          submit={submit}
          onProven={(_, code) => onProven(code)}
        />
      )}
    </div>
  );
}
