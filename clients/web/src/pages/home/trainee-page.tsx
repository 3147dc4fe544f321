import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useSessionStore } from "../../session/use-session-store";
import { Overview } from "./overview";

const translations = defineTranslations({
  en: {
    title: (name: string) => `Hi ${name}, good to have you here!`,
    lead: "Your account at a glance, so that you can focus on your training.",
    open: "One more thing before you start",
    complete: "You are all set",
  },
  ko: {
    title: (name: string) => `${name}님, 반가워요!`,
    lead: "운동에만 집중할 수 있도록 계정 정보를 한곳에 모았어요.",
    open: "시작하기 전에 하나만 더 해 주세요",
    complete: "준비가 모두 끝났어요",
  },
});

/** The home page of trainees. */
export default function TraineePage() {
  const t = useTranslations(translations);
  const user = useSessionStore((session) => session.user);
  return (
    user && <Overview user={user} title={t.title(user.nickname)} lead={t.lead} open={t.open} complete={t.complete} />
  );
}
