import { defineTranslations, useTranslations } from "../i18n/translations";
import { defaultHomePath } from "../session/return-to";
import { useSessionStore } from "../session/use-session-store";
import { ButtonLink } from "../ui/button";
import { Page } from "../ui/page";

const translations = defineTranslations({
  en: {
    title: "Page not found",
    lead: "The link may be out of date, or the address may be mistyped.",
    home: "Go to your home page",
    start: "Go to the start page",
  },
  ko: {
    title: "찾을 수 없는 페이지예요",
    lead: "오래된 링크이거나 주소가 잘못 입력되었을 수 있어요.",
    home: "내 홈으로",
    start: "처음으로",
  },
});

/** Shown for unknown paths. */
export default function NotFoundPage() {
  const t = useTranslations(translations);
  const signedIn = useSessionStore(({ status }) => status === "signedIn");
  return (
    <Page title={t.title} lead={t.lead}>
      <ButtonLink to={signedIn ? defaultHomePath : "/"}>{signedIn ? t.home : t.start}</ButtonLink>
    </Page>
  );
}
