import { ResetPasswordRequestSchema } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { NewPasswordField } from "../../forms/new-password-field";
import { PasswordField } from "../../forms/password-field";
import { SubmitButton } from "../../forms/submit-button";
import { useRulesForm } from "../../forms/use-rules-form";
import { UsernameField } from "../../forms/username-field";
import { localized } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import type { SentCode } from "../../verification/sent-code";
import { useProofExpiry } from "../../verification/use-proof-expiry";

const translations = defineTranslations({
  en: {
    newPassword: "New password",
    again: "Repeat the new password",
    repeat: "Repeat the new password.",
    differs: "The passwords do not match.",
    submit: "Set new password",
  },
  ko: {
    newPassword: "새 비밀번호",
    again: "새 비밀번호 확인",
    repeat: "새 비밀번호를 한 번 더 입력해 주세요.",
    differs: "두 비밀번호가 서로 달라요.",
    submit: "비밀번호 바꾸기",
  },
});

interface NewPasswordProps {
  readonly code: SentCode;
  /** The e-mail address or phone number of the account, for password managers. */
  readonly identifier: string;
  /** Called when the proof has expired. */
  readonly onExpired: () => void;
  readonly onDone: () => void;
}

/** The form for the new password. */
export function NewPassword({ code, identifier, onExpired, onDone }: NewPasswordProps) {
  const t = useTranslations(translations);
  const { auth, session } = useLatchkey();
  const form = useRulesForm(ResetPasswordRequestSchema, {
    defaultValues: { newPassword: "", again: "" },
    only: ["newPassword"],
    toRequest: ({ newPassword }) => ({ verificationId: code.verificationId, newPassword }),
    check: ({ newPassword, again }) =>
      again === "" || again === newPassword
        ? []
        : [{ field: "again", text: localized(translations, (t) => t.differs) }],
    checkOnSubmit: ({ again }) =>
      again === "" ? [{ field: "again", text: localized(translations, (t) => t.repeat) }] : [],
  });

  useEffect(() => form.setFocus("newPassword"), [form]);
  useProofExpiry(code, onExpired);

  const submit = form.submitHandler(
    async (request) => {
      await auth.resetPassword(request);
      // The reset has ended the session of this browser, too. The client must know before the next page is rendered.
      if (session.getSnapshot().status !== "signedOut") {
        await session.refetch();
      }
      onDone();
    },
    (error) => {
      if (error.reason !== "PROOF_INVALID") {
        return false;
      }
      onExpired();
      return true;
    },
  );

  return (
    <form noValidate onSubmit={submit} className="space-y-5">
      <UsernameField value={identifier} />
      <NewPasswordField control={form.control} name="newPassword" label={t.newPassword} deps={["again"]} />
      <PasswordField control={form.control} name="again" label={t.again} autoComplete="new-password" />
      <SubmitButton control={form.control}>{t.submit}</SubmitButton>
    </form>
  );
}
