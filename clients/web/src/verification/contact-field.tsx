import { LatchkeyError, Purpose } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { type Control, type FieldPath, type FieldValues, type UseFormReturn, useWatch } from "react-hook-form";
import { readAutofill } from "../forms/autofill";
import { isEnter } from "../forms/enter-key";
import { setFieldError } from "../forms/field-error";
import { showServerErrors } from "../forms/server-errors";
import { trim } from "../forms/trim";
import { localizedClientText } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { CheckIcon } from "../ui/icons";
import { CodeEntry } from "./code-entry";
import { ContactInput, type ContactKind } from "./contact-input";
import { endsProof } from "./final-refusals";
import { focusAfter } from "./focus-after";
import { isProven } from "./sent-code";
import { useProofEnd } from "./use-proof-end";
import { useVerification } from "./use-verification";

const translations = defineTranslations({
  en: { verify: "Send code", verified: "Verified", change: "Change", email: "E-mail address", phone: "Mobile number" },
  ko: { verify: "인증번호 받기", verified: "인증 완료", change: "변경", email: "이메일", phone: "휴대폰 번호" },
});

interface ContactFieldProps<Values extends FieldValues, Output> {
  readonly form: UseFormReturn<Values, unknown, Output>;
  readonly kind: ContactKind;
  /** The field of the form that holds the contact. */
  readonly name: FieldPath<Values>;
  readonly purpose: Purpose;
  readonly hint?: string | undefined;
  /** The contact need not be given, and if it is, it need not be proven. */
  readonly optional?: boolean;
  /** Keeps the code under this name for a user who leaves the page or loads it again. */
  readonly keepAs?: string;
  /**
   * Is told the verification once the contact is proven, and undefined when it has to be proven again. When it rejects because the
   * proof is of no use, that is told below the contact.
   */
  readonly onProven: (verificationId: string | undefined) => unknown;
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
  optional = false,
  keepAs,
  onProven,
}: ContactFieldProps<Values, Output>) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const verification = useVerification(purpose, keepAs);
  const [sending, setSending] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const { sent } = verification;
  const proven = isProven(sent);
  const was = useRef(proven);

  useProofEnd(sent, () => {
    verification.forget();
    onProven(undefined);
    setFieldError(
      form,
      name,
      "proof",
      localizedClientText(({ reasons }) => reasons.PROOF_INVALID as string),
    );
  });

  useEffect(() => {
    if (proven && !was.current) {
      focusAfter(place.current);
    }
    was.current = proven;
  }, [proven]);

  async function send() {
    readAutofill(place.current);
    if (sending || !(await form.trigger(name, { shouldFocus: true }))) {
      return;
    }
    const value = trim(String(form.getValues(name)));
    const contact = kind === "email" ? { email: value } : { phone: value };
    setSending(true);
    try {
      // Of a contact that is somebody's already, no code would ever come.
      const isNew = purpose === Purpose.SIGN_UP || purpose === Purpose.CHANGE_CONTACT;
      if (isNew && !(await auth.checkAvailability(contact)).available) {
        const taken = localizedClientText(
          ({ reasons }) => reasons[kind === "email" ? "EMAIL_TAKEN" : "PHONE_TAKEN"] as string,
        );
        setFieldError(form, name, "taken", taken, { shouldFocus: true });
        return;
      }
      await verification.send(contact);
      form.clearErrors(name);
    } catch (caught) {
      showServerErrors(form, LatchkeyError.from(caught), { [kind]: name });
    } finally {
      setSending(false);
    }
  }

  async function prove(verificationId: string) {
    try {
      await onProven(verificationId);
    } catch (caught) {
      if (!endsProof(caught)) {
        throw caught;
      }
      verification.forget();
      showServerErrors(form, LatchkeyError.from(caught), { [kind]: name });
    }
  }

  function change() {
    verification.forget();
    onProven(undefined);
    form.clearErrors(name);
    // After the input can be written in again.
    setTimeout(() => form.setFocus(name, { shouldSelect: true }));
  }

  return (
    <div ref={place} className="space-y-3">
      <ContactInput
        control={form.control}
        name={name}
        kind={kind}
        optional={optional}
        hint={sent ? undefined : hint}
        readOnly={sent !== undefined}
        enterKeyHint={optional ? "next" : "send"}
        onKeyDown={(event) => {
          if (isEnter(event) && !sent && !optional) {
            event.preventDefault();
            void send();
          }
        }}
        aside={
          <span className="flex items-baseline gap-2">
            {/* Always there, so that what comes into it is read out. */}
            <span role="status" className="text-sm font-semibold text-good">
              {proven && (
                <span className="flex items-center gap-1">
                  <CheckIcon className="size-4" strokeWidth="3" />
                  <span>{t.verified}</span>
                </span>
              )}
            </span>
            {sent && (
              <button
                type="button"
                aria-description={t[kind]}
                onClick={change}
                className="relative rounded px-1 text-sm text-accent underline underline-offset-4 after:absolute after:-inset-x-1 after:-inset-y-3"
              >
                {t.change}
              </button>
            )}
          </span>
        }
      />
      {!sent && (
        <OnceFilled always={!optional} control={form.control} name={name}>
          <Button variant="secondary" wide busy={sending} aria-description={t[kind]} onClick={() => void send()}>
            {t.verify}
          </Button>
        </OnceFilled>
      )}
      {sent && !proven && <CodeEntry verification={verification} sent={sent} onProven={prove} />}
    </div>
  );
}

interface OnceFilledProps<Values extends FieldValues, Output> {
  readonly always: boolean;
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly children: ReactElement;
}

/** Keeps an optional contact calm: there is nothing to press until there is something to send to. */
function OnceFilled<Values extends FieldValues, Output>({
  always,
  control,
  name,
  children,
}: OnceFilledProps<Values, Output>) {
  const filled = String(useWatch({ control, name }) ?? "").trim() !== "";
  return always || filled ? children : null;
}
