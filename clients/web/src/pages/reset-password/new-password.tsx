import { type LatchkeyError, ResetPasswordRequestSchema } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { PasswordChecklist } from "../../forms/password-checklist";
import { PasswordField } from "../../forms/password-field";
import { SubmitButton } from "../../forms/submit-button";
import { useRulesForm } from "../../forms/use-rules-form";
import { defineWords, useWords } from "../../i18n/words";

const words = defineWords({
  en: {
    identifier: "E-mail address or mobile number",
    newPassword: "New password",
    again: "New password again",
    repeat: "Type the new password once more.",
    differs: "The two passwords are not the same.",
    submit: "Set the password",
  },
  ko: {
    identifier: "이메일 또는 휴대폰 번호",
    newPassword: "새 비밀번호",
    again: "새 비밀번호 확인",
    repeat: "새 비밀번호를 한 번 더 입력해 주세요.",
    differs: "두 비밀번호가 서로 달라요.",
    submit: "비밀번호 바꾸기",
  },
});

interface NewPasswordProps {
  readonly verificationId: string;
  /** Whose password it is, for password managers. */
  readonly identifier: string;
  readonly onExpired: (error: LatchkeyError) => void;
  readonly onDone: () => void;
}

/** Takes the new password, twice. */
export function NewPassword({ verificationId, identifier, onExpired, onDone }: NewPasswordProps) {
  const say = useWords(words);
  const { auth, session } = useLatchkey();
  const form = useRulesForm(ResetPasswordRequestSchema, {
    defaultValues: { newPassword: "", again: "" },
    only: ["newPassword"],
    toRequest: ({ newPassword }) => ({ verificationId, newPassword }),
    check: ({ newPassword, again }) =>
      again === "" || again === newPassword ? [] : [{ path: ["again"], message: say.differs }],
  });

  useEffect(() => form.setFocus("newPassword"), [form]);

  const submit = form.sends(
    async (request) => {
      // Missed only when it is sent: nobody is told to repeat what is not typed yet.
      if (form.getValues("again") === "") {
        form.setError("again", { type: "required", message: say.repeat }, { shouldFocus: true });
        return;
      }
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
      onExpired(error);
      return true;
    },
  );

  return (
    <form noValidate onSubmit={submit} className="space-y-5">
      {/* Password managers keep the new password with it. */}
      <input
        type="text"
        name="username"
        autoComplete="username"
        aria-label={say.identifier}
        aria-hidden="true"
        tabIndex={-1}
        readOnly
        value={identifier}
        className="sr-only"
      />
      <PasswordField
        control={form.control}
        name="newPassword"
        label={say.newPassword}
        autoComplete="new-password"
        deps={["again"]}
      />
      <PasswordChecklist control={form.control} name="newPassword" />
      <PasswordField control={form.control} name="again" label={say.again} autoComplete="new-password" />
      <SubmitButton control={form.control}>{say.submit}</SubmitButton>
    </form>
  );
}
