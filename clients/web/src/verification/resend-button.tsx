import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { useCountdown } from "./use-countdown";

const translations = defineTranslations({
  en: { again: "Send again", againIn: (seconds: number) => `Send again in ${seconds} s` },
  ko: { again: "다시 보내기", againIn: (seconds: number) => `${seconds}초 후 다시 보내기` },
});

interface ResendButtonProps {
  /** When another code can be requested. */
  readonly at: number;
  readonly busy: boolean;
  readonly onClick: () => void;
}

/** A button that requests another code once the wait is over. Only this component renders every second. */
export function ResendButton({ at, busy, onClick }: ResendButtonProps) {
  const t = useTranslations(translations);
  const left = useCountdown(at);
  return (
    <Button variant="quiet" className="min-w-max flex-1 tabular-nums" disabled={left > 0} busy={busy} onClick={onClick}>
      {left > 0 ? t.againIn(left) : t.again}
    </Button>
  );
}
