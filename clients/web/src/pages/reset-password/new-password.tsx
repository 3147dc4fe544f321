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
import { useProofEnd } from "../../verification/use-proof-end";

const translations = defineTranslations({
  en: {
    newPassword: "New password",
    again: "New password again",
    repeat: "Type the new password once more.",
    differs: "The two passwords are not the same.",
    submit: "Set the password",
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
  /** Whose password it is, for password managers. */
  readonly identifier: string;
  /** Is called when the proof of the code is of no more use. */
  readonly onExpired: () => void;
  readonly onDone: () => void;
}

/** Takes the new password, twice. */
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
  useProofEnd(code, onExpired);

  const submit = form.submitHandler(
    async (request) => {
      await auth.resetPassword(request);
      // Our own session has ended as well, if there was one. It is heard of before the next page asks.
      if (session.getSnapshot().status !== "signedOut") {
        await session.check();
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
