import { useLocation } from "react-router";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { linkKeepingReturn } from "../session/return-to";
import { ButtonLink } from "../ui/button";
import { CheckIcon, KeyIcon } from "../ui/icons";
import { Page } from "../ui/page";

const translations = defineTranslations({
  en: {
    title: "One key, and you are in.",
    lead: "Your account opens everything here, on every device you own.",
    points: [
      "Create it in a minute with a short code",
      "Sign in with a code instead of a password",
      "See every device, and sign out what is not yours",
    ],
    signUp: "Create account",
    signIn: "Sign in",
  },
  ko: {
    title: "열쇠 하나면 충분해요.",
    lead: "계정 하나로 어느 기기에서든 편하고 안전하게 이용하세요.",
    points: [
      "인증번호 확인만으로 1분 만에 가입해요",
      "비밀번호 대신 인증번호로도 로그인할 수 있어요",
      "로그인된 기기를 확인하고 바로 로그아웃해요",
    ],
    signUp: "회원가입",
    signIn: "로그인",
  },
});

/** The start page for signed-out users, with links to sign up and to sign in. */
export default function WelcomePage() {
  const t = useTranslations(translations);
  const { search } = useLocation();
  return (
    <>
      <div
        aria-hidden="true"
        className="mb-7 flex h-36 items-center justify-center rounded-2xl bg-tint text-accent sm:h-44"
      >
        <span className="flex size-20 -rotate-12 items-center justify-center rounded-3xl bg-accent text-on-accent shadow-notice">
          <KeyIcon className="size-11" />
        </span>
      </div>
      <Page title={t.title} lead={t.lead}>
        <ul className="space-y-2.5">
          {t.points.map((point) => (
            <li key={point} className="flex gap-2.5">
              <CheckIcon className="mt-1 size-4.5 shrink-0 text-accent" strokeWidth="3" />
              <span>{point}</span>
            </li>
          ))}
        </ul>
        <div className="mt-8 flex flex-col gap-3">
          <ButtonLink wide to={linkKeepingReturn("/sign-up", search)}>
            {t.signUp}
          </ButtonLink>
          <ButtonLink wide variant="secondary" to={linkKeepingReturn("/sign-in", search)}>
            {t.signIn}
          </ButtonLink>
        </div>
      </Page>
    </>
  );
}
