import { formatPhone, type Purpose, SendCodeRequestSchema } from "@latchkey-auth/client";
import { useSettings } from "@latchkey-auth/client/react";
import { useEffect, useEffectEvent } from "react";
import { SubmitButton } from "../forms/submit-button";
import { TextField } from "../forms/text-field";
import { useRulesForm } from "../forms/use-rules-form";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { CodeEntry } from "./code-entry";
import { parseIdentifier } from "./parse-identifier";
import type { SentCode } from "./sent-code";
import { useFormatContact } from "./use-format-contact";
import { useVerification } from "./use-verification";

const translations = defineTranslations({
  en: {
    identifier: "E-mail address or mobile number",
    send: "Send code",
    change: "Change",
    sentTo: (to: string) => `If ${to} belongs to an account, we sent a code there.`,
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
  /** The key under which the code is stored, so that it survives leaving or reloading the page. */
  readonly storageKey: string;
  /** The initial value of the field, unless a code is stored. */
  readonly identifier: string;
  /** Called when the value of the field changes. */
  readonly onIdentifier?: (identifier: string) => void;
  /** The label of the button that retries onProven. */
  readonly submit?: string;
  /** Called once the code was right, see CodeEntry. */
  readonly onProven: (code: SentCode) => unknown;
}

/**
 * Proves that the user owns the address or number of an account, by a code that is sent there. It does not reveal whether the
 * account exists.
 */
export function IdentifierVerification({
  purpose,
  storageKey,
  identifier,
  onIdentifier,
  submit,
  onProven,
}: IdentifierVerificationProps) {
  const t = useTranslations(translations);
  const region = useSettings().data?.phoneRegion ?? "";
  const contactText = useFormatContact();
  const verification = useVerification(purpose, storageKey);
  const { sent } = verification;
  const form = useRulesForm(SendCodeRequestSchema, {
    defaultValues: { identifier: sent?.contact.email ?? sent?.contact.phone ?? identifier },
    fieldNames: { email: "identifier", phone: "identifier", contact: "identifier" },
    toRequest: (values) => ({ purpose, ...parseIdentifier(values.identifier) }),
  });

  // On mount, and when a code has become invalid.
  const isTyping = sent === undefined;
  useEffect(() => {
    if (isTyping) {
      form.setFocus("identifier");
    }
  }, [isTyping, form]);

  const onChange = useEffectEvent((values: { identifier: string }) => onIdentifier?.(values.identifier));
  useEffect(() => form.subscribe({ formState: { values: true }, callback: ({ values }) => onChange(values) }), [form]);

  function change() {
    verification.reset();
    // After the render that makes the input editable.
    setTimeout(() => form.setFocus("identifier", { shouldSelect: true }));
  }

  return (
    <div className="space-y-5">
      <form
        noValidate
        className="space-y-5"
        onSubmit={form.submitHandler(() => verification.send(parseIdentifier(form.getValues("identifier"))))}
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
