import { Suspense, useRef, useState, useTransition } from "react";
import { Link, useLocation } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { ChunkErrorInline } from "../../loading/chunk-error-inline";
import { lazyWithRetry } from "../../loading/lazy-with-retry";
import { useGivenIdentifier } from "../../session/given-identifier";
import { keepReturn } from "../../session/return-to";
import { SocialSignIn } from "../../social/social-sign-in";
import { Button } from "../../ui/button";
import { Page } from "../../ui/page";
import { keptCode } from "../../verification/kept-codes";
import { PasswordSignIn } from "./password-sign-in";
import { signInCode } from "./way-to-sign-in";

// What not everybody needs, comes when it is wanted.
const CodeSignIn = lazyWithRetry(
  () => import("./code-sign-in"),
  (retry) => <ChunkErrorInline retry={retry} />,
);

const translations = defineTranslations({
  en: {
    title: "Sign in",
    byCode: "Sign in with a code instead",
    byPassword: "Sign in with your password instead",
    new: "New here?",
    signUp: "Create an account",
  },
  ko: {
    title: "로그인",
    byCode: "인증번호로 로그인",
    byPassword: "비밀번호로 로그인",
    new: "처음이신가요?",
    signUp: "회원가입",
  },
});

/** Signing in by address or number, with a password or a code. */
export default function SignInPage() {
  const t = useTranslations(translations);
  const { search } = useLocation();
  const given = useGivenIdentifier();
  // Somebody who waits for a code goes on with it after the page was loaded again.
  const [byCode, setByCode] = useState(() => keptCode(signInCode, undefined) !== undefined);
  const [switching, startSwitch] = useTransition();
  // What was typed goes along from one way to the other, and typing it draws nothing.
  const [identifier, setIdentifier] = useState(given);
  const typed = useRef(given);

  function toOther() {
    startSwitch(() => {
      setIdentifier(typed.current);
      setByCode(!byCode);
    });
  }

  const Way = byCode ? CodeSignIn : PasswordSignIn;
  return (
    <Page title={t.title}>
      <Suspense>
        <Way
          identifier={identifier}
          onIdentifier={(text) => {
            typed.current = text;
          }}
        />
      </Suspense>
      <Button variant="quiet" wide className="mt-2" busy={switching} onClick={toOther}>
        {byCode ? t.byPassword : t.byCode}
      </Button>
      <SocialSignIn />
      <p className="mt-5 flex flex-wrap items-center justify-center gap-x-2 border-t border-line pt-4 text-soft">
        <span>{t.new}</span>
        <Link
          to={keepReturn("/sign-up", search)}
          className="inline-flex min-h-11 items-center font-semibold text-accent underline underline-offset-4"
        >
          {t.signUp}
        </Link>
      </p>
    </Page>
  );
}
