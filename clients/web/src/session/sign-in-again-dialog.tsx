import { formatPhone, LatchkeyError, Purpose, SignInRequestSchema, type User } from "@latchkey-auth/client";
import { useErrorText, useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import { PasswordField } from "../forms/password-field";
import { SubmitButton } from "../forms/submit-button";
import { useRulesForm } from "../forms/use-rules-form";
import { defineWords, useWords } from "../i18n/words";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CodeEntry } from "../verification/code-entry";
import { type Contact, useVerification } from "../verification/use-verification";
import { useSessionStore } from "./use-session-store";

const words = defineWords({
  en: {
    title: "Is it really you?",
    lead: "You signed in a while ago. So that nobody else can change your account on an open screen, please confirm that it is you.",
    password: "Password",
    wrong: "That is not your password.",
    confirm: "Continue",
    code: "Use a code instead",
    cancel: "Cancel",
  },
  ko: {
    title: "본인 확인이 필요해요",
    lead: "로그인한 지 시간이 지났어요. 다른 사람이 내 계정을 바꾸지 못하도록 한 번 더 확인할게요.",
    password: "비밀번호",
    wrong: "비밀번호가 올바르지 않아요.",
    confirm: "계속",
    code: "인증번호로 확인",
    cancel: "취소",
  },
});

interface SignInAgainDialogProps {
  readonly onSignedIn: () => void;
  readonly onCancel: () => void;
}

/** Signs in once more who is signed in already: by the password, or by a code for those who have none. */
export function SignInAgainDialog({ onSignedIn, onCancel }: SignInAgainDialogProps) {
  const say = useWords(words);
  const errorText = useErrorText();
  const { auth } = useLatchkey();
  const user = useSessionStore((session) => session.user);
  const verification = useVerification(Purpose.SIGN_IN);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const region = useSettings().data?.phoneRegion ?? "";
  const proven = user && provenContact(user, region);
  const form = useRulesForm(SignInRequestSchema, {
    defaultValues: { password: "" },
    toRequest: ({ password }) => ({ ...(user && (proven ?? anyContact(user))), password }),
  });

  const signIn = form.sends(
    async (request) => {
      await auth.signIn(request);
      onSignedIn();
    },
    (error) => {
      const message = error.reason === "CREDENTIALS_INVALID" ? say.wrong : errorText(error);
      form.setError("password", { type: "server", message }, { shouldFocus: true });
      return true;
    },
  );

  async function sendCode(contact: Contact) {
    setSending(true);
    setProblem(undefined);
    try {
      await verification.send(contact);
    } catch (caught) {
      setProblem(errorText(LatchkeyError.from(caught)));
    } finally {
      setSending(false);
    }
  }

  return (
    <Dialog title={say.title} onClose={onCancel}>
      <p className="mt-2 text-soft">{say.lead}</p>
      {verification.sent ? (
        <div className="mt-5">
          <CodeEntry
            verification={verification}
            sent={verification.sent}
            onProven={async (verificationId) => {
              await auth.signInWithCode({ verificationId });
              onSignedIn();
            }}
          />
        </div>
      ) : (
        <form noValidate onSubmit={signIn} className="mt-5 space-y-3">
          {/* For password managers, which look for whose password it is. */}
          <input type="text" hidden readOnly autoComplete="username" value={user?.email || user?.phone || ""} />
          <PasswordField
            control={form.control}
            name="password"
            label={say.password}
            autoComplete="current-password"
            data-first
          />
          <SubmitButton control={form.control}>{say.confirm}</SubmitButton>
          {proven && (
            <Button look="quiet" wide busy={sending} onClick={() => void sendCode(proven)}>
              {say.code}
            </Button>
          )}
        </form>
      )}
      <p role="alert" className="text-center text-sm font-medium text-bad">
        {problem}
      </p>
      <Button look="quiet" wide className="mt-1" onClick={onCancel}>
        {say.cancel}
      </Button>
    </Dialog>
  );
}

function provenContact({ email, emailVerified, phone, phoneVerified }: User, region: string): Contact | undefined {
  return emailVerified ? { email } : phoneVerified ? { phone: formatPhone(phone, region) } : undefined;
}

function anyContact({ email, phone }: User): Contact {
  return email ? { email } : { phone };
}
