import { useId } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Card } from "../ui/card";
import { type Push, usePush } from "./use-push";

const translations = defineTranslations({
  en: {
    title: "Notifications on this device",
    what: "We notify you of new sign-ins and changes to your account right away, even when this page is closed.",
    on: "On",
    off: "Off",
    blocked:
      "Your browser blocks notifications from this site. Set notifications to “Allow” in the site settings, left of the address bar, or in the settings of your device. Then come back to this page.",
    afterInstall:
      "On an iPhone or iPad, add this page to your home screen first: tap Share, choose “Add to Home Screen”, and open it from there.",
    unsupported: "This browser does not support notifications. Try another browser or a newer version.",
  },
  ko: {
    title: "이 기기의 알림",
    what: "새로운 로그인과 계정 변경을 바로 알려 드려요. 페이지를 닫아 두어도 받을 수 있어요.",
    on: "켜짐",
    off: "꺼짐",
    blocked:
      "브라우저에서 이 사이트의 알림을 차단하고 있어요. 주소창 왼쪽의 사이트 설정이나 기기의 알림 설정에서 알림을 ‘허용’으로 바꾼 뒤 이 페이지로 돌아와 주세요.",
    afterInstall:
      "iPhone과 iPad에서는 이 페이지를 홈 화면에 추가해야 알림을 받을 수 있어요. 공유 버튼을 눌러 ‘홈 화면에 추가’를 선택한 뒤, 홈 화면에서 열어 주세요.",
    unsupported: "이 브라우저에서는 알림을 받을 수 없어요. 다른 브라우저나 최신 버전을 사용해 주세요.",
  },
});

/** A switch for push on this device, or the reason why it is unavailable. Renders nothing where the server has no push. */
export default function PushSwitch() {
  const t = useTranslations(translations);
  const push = usePush();
  const id = useId();
  if (!push) {
    return null;
  }
  const possible = push.state === "on" || push.state === "off";
  return (
    <Card labelledBy={`${id}-title`}>
      <div className="flex items-center justify-between gap-4">
        <h2 id={`${id}-title`} className="font-semibold">
          {t.title}
        </h2>
        {possible && <Switch push={push} labelledBy={`${id}-title`} describedBy={`${id}-text`} />}
      </div>
      <p id={`${id}-text`} className="mt-1 text-soft">
        {push.state === "on" || push.state === "off" ? t.what : t[push.state]}
      </p>
    </Card>
  );
}

interface SwitchProps {
  readonly push: Push;
  readonly labelledBy: string;
  readonly describedBy: string;
}

function Switch({ push, labelledBy, describedBy }: SwitchProps) {
  const t = useTranslations(translations);
  const on = push.state === "on";
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-busy={push.busy || undefined}
      aria-disabled={push.busy || undefined}
      onClick={() => {
        if (!push.busy) {
          void (on ? push.turnOff() : push.turnOn());
        }
      }}
      className="group inline-flex min-h-11 shrink-0 items-center gap-2 rounded-lg text-sm font-medium aria-busy:opacity-70"
    >
      <span aria-hidden="true">{on ? t.on : t.off}</span>
      <span className="flex h-7 w-12 items-center rounded-full border border-edge bg-well p-0.5 transition-colors group-aria-checked:border-accent group-aria-checked:bg-accent">
        <span className="size-5.5 rounded-full bg-edge transition-transform group-aria-checked:translate-x-5 group-aria-checked:bg-on-accent" />
      </span>
    </button>
  );
}
