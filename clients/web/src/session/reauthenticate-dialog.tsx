import { formatPhone, Purpose, ReauthenticateRequestSchema, type User } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import { setFieldError } from "../forms/field-error";
import { PasswordField } from "../forms/password-field";
import { SubmitButton } from "../forms/submit-button";
import { useRulesForm } from "../forms/use-rules-form";
import { UsernameField } from "../forms/username-field";
import { localized, localizedError } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { notify } from "../notices/notices";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { DialogCancel } from "../ui/dialog-cancel";
import { CodeEntry } from "../verification/code-entry";
import type { Contact } from "../verification/sent-code";
import { useVerification } from "../verification/use-verification";
import { useSessionStore } from "./use-session-store";

const translations = defineTranslations({
  en: {
    title: "Is it really you?",
    lead: "You signed in a while ago. To protect your account, please confirm that it is you.",
    password: "Password",
    wrong: "This is not your password.",
    confirm: "Continue",
    code: "Use a code instead",
  },
  ko: {
    title: "본인 확인이 필요해요",
    lead: "로그인한 지 시간이 지났어요. 다른 사람이 내 계정을 바꾸지 못하도록 한 번 더 확인할게요.",
    password: "비밀번호",
    wrong: "비밀번호가 올바르지 않아요.",
    confirm: "계속",
    code: "인증번호로 확인",
  },
});

interface ReauthenticateDialogProps {
  readonly onConfirmed: () => void;
  readonly onCancel: () => void;
}

/** Asks the user to reauthenticate, by password or by a code. The session stays the same. */
export function ReauthenticateDialog({ onConfirmed, onCancel }: ReauthenticateDialogProps) {
  const t = useTranslations(translations);
  const { account } = useLatchkey();
  const user = useSessionStore((session) => session.user);
  const verification = useVerification(Purpose.REAUTHENTICATE, "reauthenticate");
  const [sending, setSending] = useState(false);
  const region = useSettings().data?.phoneRegion ?? "";
  const proven = user && provenContact(user, region);
  const form = useRulesForm(ReauthenticateRequestSchema, {
    defaultValues: { password: "" },
    fieldNames: { evidence: "password" },
  });

  const confirm = form.submitHandler(
    async (request) => {
      await account.reauthenticate(request);
      onConfirmed();
    },
    (error) => {
      const text =
        error.reason === "CREDENTIALS_INVALID" ? localized(translations, (t) => t.wrong) : localizedError(error);
      setFieldError(form, "password", "server", text, { shouldFocus: true });
      return true;
    },
  );

  async function sendCode(contact: Contact) {
    setSending(true);
    try {
      await verification.send(contact);
    } catch (caught) {
      notify("error", localizedError(caught));
    } finally {
      setSending(false);
    }
  }

  return (
    <Dialog title={t.title} onClose={onCancel}>
      <p className="mt-2 text-soft">{t.lead}</p>
      {verification.sent ? (
        <div className="mt-5">
          <CodeEntry
            verification={verification}
            sent={verification.sent}
            onProven={async (verificationId) => {
              await account.reauthenticate({ verificationId });
              verification.reset();
              onConfirmed();
            }}
          />
        </div>
      ) : (
        <form noValidate onSubmit={confirm} className="mt-5 space-y-3">
          <UsernameField value={user?.email || user?.phone || ""} />
          <PasswordField
            control={form.control}
            name="password"
            label={t.password}
            autoComplete="current-password"
            data-autofocus
          />
          <SubmitButton control={form.control}>{t.confirm}</SubmitButton>
          {proven && (
            <Button variant="quiet" wide busy={sending} onClick={() => void sendCode(proven)}>
              {t.code}
            </Button>
          )}
        </form>
      )}
      <DialogCancel variant="quiet" wide className="mt-1" />
    </Dialog>
  );
}

function provenContact({ email, emailVerified, phone, phoneVerified }: User, region: string): Contact | undefined {
  return emailVerified ? { email } : phoneVerified ? { phone: formatPhone(phone, region) } : undefined;
}
