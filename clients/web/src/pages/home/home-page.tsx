import { Navigate } from "react-router";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { homeOfRole } from "../../session/home-of-role";
import { home } from "../../session/return-to";
import { useSessionStore } from "../../session/use-session-store";
import { Overview } from "./overview";

const translations = defineTranslations({
  en: {
    title: (name: string) => `Hello, ${name}`,
    lead: "Here you find what belongs to your account.",
    admin:
      "You are signed in as an administrator. Please look through your devices now and then: this account can do a lot.",
  },
  ko: {
    title: (name: string) => `${name}님, 안녕하세요`,
    lead: "내 계정의 정보를 한곳에서 확인할 수 있어요.",
    admin: "관리자로 로그인했어요. 권한이 큰 계정이니 로그인된 기기를 가끔 확인해 주세요.",
  },
});

/** Leads to the home of the role; and is the home of every other. */
export default function HomePage() {
  const t = useTranslations(translations);
  const user = useSessionStore((session) => session.user);
  const own = homeOfRole(user?.role);
  if (own !== home) {
    return <Navigate to={own} replace />;
  }
  return (
    user && <Overview user={user} title={t.title(user.nickname)} lead={user.role === "admin" ? t.admin : t.lead} />
  );
}
