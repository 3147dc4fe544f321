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
import { focusNextField } from "./focus-next-field";
import { invalidatesProof } from "./proof-errors";
import { isProven } from "./sent-code";
import { useProofExpiry } from "./use-proof-expiry";
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
  /** Whether the contact may be left out. If it is given, it need not be proven. */
  readonly optional?: boolean;
  /** The key under which the code is stored, so that it survives leaving or reloading the page. */
  readonly storageKey?: string;
  /**
   * Called with the verification id once the contact is proven, and with undefined when it must be proven again. When it rejects
   * with an error that invalidates the proof, the error appears below the field.
   */
  readonly onProven: (verificationId: string | undefined) => unknown;
}

/**
 * A field for an e-mail address or phone number that is proven by a code. It checks that the contact is available, sends a code,
 * asks for the code below, and then shows that the contact is verified.
 */
export function ContactField<Values extends FieldValues, Output>({
  form,
  kind,
  name,
  purpose,
  hint,
  optional = false,
  storageKey,
  onProven,
}: ContactFieldProps<Values, Output>) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const verification = useVerification(purpose, storageKey);
  const [sending, setSending] = useState(false);
  const container = useRef<HTMLDivElement>(null);
  const { sent } = verification;
  const proven = isProven(sent);
  const wasProven = useRef(proven);

  useProofExpiry(sent, () => {
    verification.reset();
    onProven(undefined);
    setFieldError(
      form,
      name,
      "proof",
      localizedClientText(({ reasons }) => reasons.PROOF_INVALID as string),
    );
  });

  useEffect(() => {
    if (proven && !wasProven.current) {
      focusNextField(container.current);
    }
    wasProven.current = proven;
  }, [proven]);

  async function send() {
    readAutofill(container.current);
    if (sending || !(await form.trigger(name, { shouldFocus: true }))) {
      return;
    }
    const value = trim(String(form.getValues(name)));
    const contact = kind === "email" ? { email: value } : { phone: value };
    setSending(true);
    try {
      // The server sends no code to a contact that belongs to another account.
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
      if (!invalidatesProof(caught)) {
        throw caught;
      }
      verification.reset();
      showServerErrors(form, LatchkeyError.from(caught), { [kind]: name });
    }
  }

  function change() {
    verification.reset();
    onProven(undefined);
    form.clearErrors(name);
    // After the render that makes the input editable.
    setTimeout(() => form.setFocus(name, { shouldSelect: true }));
  }

  return (
    <div ref={container} className="space-y-3">
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
            {/* Always rendered, because screen readers announce changes of existing live regions only. */}
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
        <ShowWhenFilled always={!optional} control={form.control} name={name}>
          <Button variant="secondary" wide busy={sending} aria-description={t[kind]} onClick={() => void send()}>
            {t.verify}
          </Button>
        </ShowWhenFilled>
      )}
      {sent && !proven && <CodeEntry verification={verification} sent={sent} onProven={prove} />}
    </div>
  );
}

interface ShowWhenFilledProps<Values extends FieldValues, Output> {
  readonly always: boolean;
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly children: ReactElement;
}

/** Hides the button of an optional contact while the field is empty. */
function ShowWhenFilled<Values extends FieldValues, Output>({
  always,
  control,
  name,
  children,
}: ShowWhenFilledProps<Values, Output>) {
  const filled = String(useWatch({ control, name }) ?? "").trim() !== "";
  return always || filled ? children : null;
}
