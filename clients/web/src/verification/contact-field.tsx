import { formatPhone, LatchkeyError, Purpose } from "@latchkey-auth/client";
import { useLatchkey, useSettings, useTexts } from "@latchkey-auth/client/react";
import { useState } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { showRefusal } from "../forms/refused";
import { TextField } from "../forms/text-field";
import { defineWords, useWords } from "../i18n/words";
import { Button } from "../ui/button";
import { CheckIcon } from "../ui/icons";
import { CodeEntry } from "./code-entry";
import { useVerification } from "./use-verification";

const words = defineWords({
  en: {
    email: "E-mail address",
    phone: "Mobile number",
    emailExample: "name@example.com",
    phoneExample: "010-1234-5678",
    verify: "Send code",
    verified: "Verified",
    change: "Change",
  },
  ko: {
    email: "이메일",
    phone: "휴대폰 번호",
    emailExample: "name@example.com",
    phoneExample: "010-1234-5678",
    verify: "인증번호 받기",
    verified: "인증 완료",
    change: "변경",
  },
});

interface ContactFieldProps<Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly kind: "email" | "phone";
  /** The field of the form that holds the contact. */
  readonly name: FieldPath<Values>;
  readonly purpose: Purpose;
  readonly hint?: string;
  /** Is told the verification once the contact is proven, and undefined when it is to be another one. */
  readonly onProven: (verificationId: string | undefined) => void;
}

/**
 * An address or a number that is proven by a code: it is checked, also for whether it belongs to somebody already; a code is
 * sent; the code is entered below; and a mark tells that it was right.
 */
export function ContactField<Values extends FieldValues, Output>({
  form,
  kind,
  name,
  purpose,
  hint,
  onProven,
}: ContactFieldProps<Values, Output>) {
  const say = useWords(words);
  const texts = useTexts();
  const { auth } = useLatchkey();
  const region = useSettings()?.phoneRegion ?? "";
  const verification = useVerification(purpose);
  const [sending, setSending] = useState(false);
  const { sent } = verification;

  async function send() {
    if (sending || !(await form.trigger(name, { shouldFocus: true }))) {
      return;
    }
    const value = String(form.getValues(name)).trim();
    const contact = kind === "email" ? { email: value } : { phone: value };
    setSending(true);
    try {
      // Of a contact that is somebody's already, no code would ever come.
      const isNew = purpose === Purpose.SIGN_UP || purpose === Purpose.CHANGE_CONTACT;
      if (isNew && !(await auth.checkAvailability(contact)).available) {
        form.setError(
          name,
          {
            type: "taken",
            message: texts.reasons[kind === "email" ? "EMAIL_TAKEN" : "PHONE_TAKEN"] as string,
          },
          { shouldFocus: true },
        );
        return;
      }
      await verification.send(contact);
    } catch (caught) {
      showRefusal(form, LatchkeyError.from(caught), texts, { [kind]: name });
    } finally {
      setSending(false);
    }
  }

  function change() {
    verification.forget();
    onProven(undefined);
    // After the input can be written in again.
    setTimeout(() => form.setFocus(name, { shouldSelect: true }));
  }

  return (
    <div className="space-y-3">
      <TextField
        control={form.control}
        name={name}
        label={say[kind]}
        hint={sent ? undefined : hint}
        placeholder={kind === "email" ? say.emailExample : say.phoneExample}
        type={kind === "email" ? "email" : "tel"}
        inputMode={kind === "email" ? "email" : "tel"}
        autoComplete={kind === "email" ? "email" : "tel"}
        autoCapitalize="none"
        spellCheck={false}
        readOnly={sent !== undefined}
        {...(kind === "phone" && {
          shape: (text: string) => formatPhone(text, region),
        })}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !sent) {
            event.preventDefault();
            void send();
          }
        }}
        aside={
          sent && (
            <span className="flex items-center gap-2">
              {sent.proven && (
                <span role="status" className="flex items-center gap-1 text-sm font-semibold text-good">
                  <CheckIcon className="size-4" strokeWidth="3" />
                  {say.verified}
                </span>
              )}
              <button
                type="button"
                onClick={change}
                className="rounded px-1 text-sm text-accent underline underline-offset-4"
              >
                {say.change}
              </button>
            </span>
          )
        }
      />
      {!sent && (
        <Button look="secondary" wide busy={sending} onClick={() => void send()}>
          {say.verify}
        </Button>
      )}
      {sent && !sent.proven && <CodeEntry verification={verification} sent={sent} onProven={onProven} />}
    </div>
  );
}
