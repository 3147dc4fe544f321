import { useSettings } from "@latchkey-auth/client/react";
import { Link, useLocation } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { linkKeepingReturn } from "../../session/return-to";
import { SocialSignIn } from "../../social/social-sign-in";
import { Page } from "../../ui/page";
import { SettingsPending } from "../settings-pending";
import { SignUpForm } from "./sign-up-form";

const translations = defineTranslations({
  en: {
    title: "Create an account",
    lead: "It takes about a minute.",
    hasAccount: "Already have an account?",
    signIn: "Sign in",
  },
  ko: {
    title: "회원가입",
    lead: "1분이면 끝나요.",
    hasAccount: "이미 계정이 있으신가요?",
    signIn: "로그인",
  },
});

/** The sign-up page. */
export default function SignUpPage() {
  const t = useTranslations(translations);
  const { search } = useLocation();
  const { data: settings } = useSettings();
  return (
    <Page title={t.title} lead={t.lead}>
      <SocialSignIn before />
      {settings ? <SignUpForm settings={settings} /> : <SettingsPending />}
      <p className="mt-4 text-center text-soft">
        <span>{t.hasAccount}</span>{" "}
        <Link
          to={linkKeepingReturn("/sign-in", search)}
          className="inline-flex min-h-11 items-center px-1 font-semibold text-accent underline underline-offset-4"
        >
          {t.signIn}
        </Link>
      </p>
    </Page>
  );
}
