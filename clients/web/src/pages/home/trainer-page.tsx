import { defineWords, useWords } from "../../i18n/words";
import { useSessionStore } from "../../session/use-session-store";
import { Overview } from "./overview";

const words = defineWords({
  en: {
    title: (name: string) => `Welcome back, ${name}`,
    lead: "Your trainees rely on you, and on nobody else getting into your account. Here is how it stands.",
    open: "To do for your account",
    complete: "Your account is in good order",
    careful: "Do you train in a gym with a shared computer? Sign out there when you leave, or end that session here.",
  },
  ko: {
    title: (name: string) => `${name} 트레이너님, 어서 오세요`,
    lead: "회원들이 믿고 맡기는 계정인 만큼, 지금 상태를 바로 확인할 수 있어요.",
    open: "확인이 필요한 항목",
    complete: "계정이 잘 관리되고 있어요",
    careful: "센터의 공용 컴퓨터를 쓰셨다면 자리를 뜰 때 로그아웃하거나 여기에서 로그인을 해제해 주세요.",
  },
});

/** The home of trainers. */
export default function TrainerPage() {
  const say = useWords(words);
  const user = useSessionStore((session) => session.user);
  return (
    user && (
      <Overview
        user={user}
        title={say.title(user.nickname)}
        lead={say.lead}
        open={say.open}
        complete={say.complete}
        devicesHint={say.careful}
      />
    )
  );
}
