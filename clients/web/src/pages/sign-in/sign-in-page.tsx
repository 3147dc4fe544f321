import { Suspense, useRef, useState, useTransition } from "react";
import { Link, useLocation } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { ChunkErrorInline } from "../../loading/chunk-error-inline";
import { lazyWithRetry } from "../../loading/lazy-with-retry";
import { useIdentifierFromState } from "../../session/identifier-state";
import { linkKeepingReturn } from "../../session/return-to";
import { SocialSignIn } from "../../social/social-sign-in";
import { Button } from "../../ui/button";
import { Page } from "../../ui/page";
import { loadCode } from "../../verification/stored-codes";
import { PasswordSignIn } from "./password-sign-in";
import { signInCodeKey } from "./sign-in-form";

// Loaded on demand, because most users sign in with a password.
const CodeSignIn = lazyWithRetry(
  () => import("./code-sign-in"),
  (retry) => <ChunkErrorInline retry={retry} />,
);

const translations = defineTranslations({
  en: {
    title: "Sign in",
    byCode: "Use a code instead",
    byPassword: "Use your password instead",
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

/** The sign-in page, with a form for password or code. */
export default function SignInPage() {
  const t = useTranslations(translations);
  const { search } = useLocation();
  const given = useIdentifierFromState();
  // A user who waits for a code continues with it after a reload.
  const [byCode, setByCode] = useState(() => loadCode(signInCodeKey, undefined) !== undefined);
  const [switching, startSwitch] = useTransition();
  // The identifier is handed over when the form is switched. It is held in a ref, so that typing does not render the page.
  const [identifier, setIdentifier] = useState(given);
  const typed = useRef(given);

  function switchForm() {
    startSwitch(() => {
      setIdentifier(typed.current);
      setByCode(!byCode);
    });
  }

  const SignInForm = byCode ? CodeSignIn : PasswordSignIn;
  return (
    <Page title={t.title}>
      <Suspense>
        <SignInForm
          identifier={identifier}
          onIdentifier={(text) => {
            typed.current = text;
          }}
        />
      </Suspense>
      <Button variant="quiet" wide className="mt-2" busy={switching} onClick={switchForm}>
        {byCode ? t.byPassword : t.byCode}
      </Button>
      <SocialSignIn />
      <p className="mt-5 flex flex-wrap items-center justify-center gap-x-2 border-t border-line pt-4 text-soft">
        <span>{t.new}</span>
        <Link
          to={linkKeepingReturn("/sign-up", search)}
          className="inline-flex min-h-11 items-center font-semibold text-accent underline underline-offset-4"
        >
          {t.signUp}
        </Link>
      </p>
    </Page>
  );
}
