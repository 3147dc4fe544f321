import { Purpose } from "@latchkey-auth/client";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { localizedClientText } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import { useIdentifierFromState } from "../../session/identifier-state";
import { defaultHomePath, linkKeepingReturn } from "../../session/return-to";
import { useSessionStore } from "../../session/use-session-store";
import { Page } from "../../ui/page";
import { IdentifierVerification } from "../../verification/identifier-verification";
import { isProven, type SentCode } from "../../verification/sent-code";
import { loadCode, storeCode } from "../../verification/stored-codes";
import { LoadingPage } from "../loading-page";
import { NewPassword } from "./new-password";
import { ResetDone } from "./reset-done";

const translations = defineTranslations({
  en: {
    title: "Reset your password",
    lead: "We send you a code. Enter it to choose a new password.",
    choose: "Choose a new password",
    everywhere: "You will be signed out on all devices, and sign in with the new password.",
    back: "Back to sign-in",
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
  | { readonly name: "choose"; readonly code: SentCode }
  | { readonly name: "done" };

/** The key under which the code is stored. */
const resetCodeKey = "reset-password";

/** The page that resets a password after a verification by code. It does not sign the user in. */
export default function ResetPasswordPage() {
  // Waits for the session, which prefills the identifier. After an error the user can type it.
  const isPending = useSessionStore((session) => session.status === "loading" && !session.error);
  return isPending ? <LoadingPage /> : <Steps />;
}

function Steps() {
  const t = useTranslations(translations);
  const { search } = useLocation();
  const given = useIdentifierFromState();
  const user = useSessionStore((session) => session.user);
  const [step, setStep] = useState<Step>(() => {
    const code = loadCode(resetCodeKey, user?.id);
    return isProven(code) ? { name: "choose", code } : { name: "prove" };
  });
  const [identifier, setIdentifier] = useState(given || user?.email || user?.phone || "");

  switch (step.name) {
    case "prove":
      return (
        <Page key="prove" title={t.title} lead={t.lead}>
          <IdentifierVerification
            purpose={Purpose.RESET_PASSWORD}
            storageKey={resetCodeKey}
            identifier={identifier}
            onProven={(code) => {
              setIdentifier(identifierOf(code));
              setStep({ name: "choose", code });
            }}
          />
          <p className="mt-4 text-center">
            <Link
              to={user ? defaultHomePath : linkKeepingReturn("/sign-in", search)}
              className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
            >
              {user ? t.home : t.back}
            </Link>
          </p>
        </Page>
      );
    case "choose":
      return (
        <Page key="choose" title={t.choose} lead={t.everywhere}>
          <NewPassword
            code={step.code}
            identifier={identifierOf(step.code)}
            onExpired={() => {
              storeCode(resetCodeKey, user?.id, undefined);
              notify(
                "error",
                localizedClientText(({ reasons }) => reasons.PROOF_INVALID as string),
              );
              setStep({ name: "prove" });
            }}
            onDone={() => {
              storeCode(resetCodeKey, user?.id, undefined);
              setIdentifier(identifierOf(step.code));
              setStep({ name: "done" });
            }}
          />
        </Page>
      );
    case "done":
      return <ResetDone identifier={identifier} />;
  }
}

function identifierOf({ contact }: SentCode): string {
  return contact.email ?? contact.phone;
}
