import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useSessionStore } from "../../session/use-session-store";
import { Overview } from "./overview";

const translations = defineTranslations({
  en: {
    title: (name: string) => `Welcome back, ${name}`,
    lead: "Your trainees trust this account. Here is its status.",
    open: "To do for your account",
    complete: "Your account is in good shape",
    sharedComputer: "Used a shared computer at the gym? Sign out before you leave, or sign it out on the devices page.",
  },
  ko: {
    title: (name: string) => `${name} 트레이너님, 어서 오세요`,
    lead: "회원들이 믿고 의지하는 계정이에요. 지금 상태를 한눈에 확인해 보세요.",
    open: "확인이 필요한 항목",
    complete: "계정이 잘 관리되고 있어요",
    sharedComputer:
      "센터의 공용 컴퓨터를 사용하셨나요? 자리를 비우기 전에 로그아웃하거나 기기 목록에서 로그아웃해 주세요.",
  },
});

/** The home page of trainers. */
export default function TrainerPage() {
  const t = useTranslations(translations);
  const user = useSessionStore((session) => session.user);
  return (
    user && (
      <Overview
        user={user}
        title={t.title(user.nickname)}
        lead={t.lead}
        open={t.open}
        complete={t.complete}
        devicesHint={t.sharedComputer}
      />
    )
  );
}
