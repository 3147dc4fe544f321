import { Navigate } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { homePath } from "../../session/home-path";
import { defaultHomePath } from "../../session/return-to";
import { useSessionStore } from "../../session/use-session-store";
import { Overview } from "./overview";

const translations = defineTranslations({
  en: {
    title: (name: string) => `Hello, ${name}`,
    lead: "Everything about your account in one place.",
    admin:
      "You are signed in as an administrator. This account can do a lot, so please check your devices now and then.",
  },
  ko: {
    title: (name: string) => `${name}님, 안녕하세요`,
    lead: "내 계정의 정보를 한곳에서 확인할 수 있어요.",
    admin: "관리자로 로그인했어요. 권한이 큰 계정이니 로그인된 기기를 가끔 확인해 주세요.",
  },
});

/** Redirects to the home page of the role, and is the home page of all other roles. */
export default function HomePage() {
  const t = useTranslations(translations);
  const user = useSessionStore((session) => session.user);
  const own = homePath(user?.role);
  if (own !== defaultHomePath) {
    return <Navigate to={own} replace />;
  }
  return (
    user && <Overview user={user} title={t.title(user.nickname)} lead={user.role === "admin" ? t.admin : t.lead} />
  );
}
