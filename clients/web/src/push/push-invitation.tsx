import { useId } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { BellIcon } from "../ui/account-icons";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { usePush } from "./use-push";

const translations = defineTranslations({
  en: {
    title: "Get notified of new sign-ins",
    why: "We notify you here as soon as someone signs in to your account on a new device, even when this page is closed.",
    turnOn: "Turn on",
    notNow: "Not now",
  },
  ko: {
    title: "새로운 로그인을 바로 알려 드릴까요?",
    why: "처음 보는 기기에서 내 계정에 로그인하면 이 기기로 바로 알림을 보내 드려요. 페이지를 닫아 두어도 받을 수 있어요.",
    turnOn: "알림 켜기",
    notNow: "나중에",
  },
});

/** Offers push notifications to a user who has not been asked on this device yet. Renders nothing otherwise. */
export default function PushInvitation() {
  const t = useTranslations(translations);
  const push = usePush();
  const title = useId();
  if (!push?.canInvite) {
    return null;
  }
  return (
    <Card className="animate-arrive" labelledBy={title}>
      <div className="flex items-start gap-4">
        <span className="flex size-10 shrink-0 items-center justify-center rounded-xl bg-tint text-accent">
          <BellIcon className="size-5.5" />
        </span>
        <div className="min-w-0">
          <h2 id={title} className="font-semibold">
            {t.title}
          </h2>
          <p className="mt-1 text-soft">{t.why}</p>
        </div>
      </div>
      <div className="mt-4 flex flex-wrap gap-2 sm:pl-14">
        <Button busy={push.busy} onClick={() => void push.turnOn().then(focusPage)}>
          {t.turnOn}
        </Button>
        <Button
          variant="secondary"
          onClick={() => {
            push.decline();
            focusPage();
          }}
        >
          {t.notNow}
        </Button>
      </div>
    </Card>
  );
}

/** Focuses the heading of the page if the focused element was removed. */
function focusPage(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === null || document.activeElement === document.body) {
      document.querySelector("h1")?.focus({ preventScroll: true });
    }
  });
}
