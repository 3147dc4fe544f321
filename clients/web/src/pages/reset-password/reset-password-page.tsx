import { Purpose } from "@latchkey-auth/client";
import { useErrorText } from "@latchkey-auth/client/react";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { defineWords, useWords } from "../../i18n/words";
import { notify } from "../../notices/notices";
import { useGivenIdentifier } from "../../session/given-identifier";
import { home, keepReturn } from "../../session/return-to";
import { useSessionStore } from "../../session/use-session-store";
import { Page } from "../../ui/page";
import { IdentifierVerification } from "../../verification/identifier-verification";
import { LoadingPage } from "../loading-page";
import { NewPassword } from "./new-password";
import { ResetDone } from "./reset-done";

const words = defineWords({
  en: {
    title: "Forgotten password",
    lead: "We send you a code. With it you choose a new password.",
    choose: "Choose a new password",
    everywhere: "You will then be signed out on every device, and sign in with the new password.",
    back: "Back to signing in",
    home: "Back to your home page",
  },
  ko: {
    title: "비밀번호 재설정",
    lead: "인증번호를 보내 드려요. 인증이 끝나면 새 비밀번호를 정할 수 있어요.",
    choose: "새 비밀번호 설정",
    everywhere: "비밀번호를 바꾸면 모든 기기에서 로그아웃되고, 새 비밀번호로 다시 로그인해야 해요.",
    back: "로그인으로 돌아가기",
    home: "내 홈으로 돌아가기",
  },
});

type Step =
  | { readonly name: "prove" }
  | { readonly name: "choose"; readonly verificationId: string }
  | { readonly name: "done" };

/** A new password for somebody who does not know the old one: they prove who they are by a code. Signs nobody in. */
export default function ResetPasswordPage() {
  // Whoever is signed in need not type an address. Without an answer, one can type it all the same.
  const asking = useSessionStore((session) => session.status === "loading" && !session.error);
  return asking ? <LoadingPage /> : <Steps />;
}

function Steps() {
  const say = useWords(words);
  const errorText = useErrorText();
  const { search } = useLocation();
  const given = useGivenIdentifier();
  const user = useSessionStore((session) => session.user);
  const [step, setStep] = useState<Step>({ name: "prove" });
  const [identifier, setIdentifier] = useState(given || user?.email || user?.phone || "");

  switch (step.name) {
    case "prove":
      return (
        <Page key="prove" title={say.title} lead={say.lead}>
          <IdentifierVerification
            purpose={Purpose.RESET_PASSWORD}
            identifier={identifier}
            onProven={(verificationId, proven) => {
              setIdentifier(proven);
              setStep({ name: "choose", verificationId });
            }}
          />
          <p className="mt-4 text-center">
            <Link
              to={user ? home : keepReturn("/sign-in", search)}
              className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
            >
              {user ? say.home : say.back}
            </Link>
          </p>
        </Page>
      );
    case "choose":
      return (
        <Page key="choose" title={say.choose} lead={say.everywhere}>
          <NewPassword
            verificationId={step.verificationId}
            identifier={identifier}
            onExpired={(error) => {
              notify("problem", errorText(error));
              setStep({ name: "prove" });
            }}
            onDone={() => setStep({ name: "done" })}
          />
        </Page>
      );
    case "done":
      return <ResetDone identifier={identifier} />;
  }
}
