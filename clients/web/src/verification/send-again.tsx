import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { useCountdown } from "./use-countdown";

const translations = defineTranslations({
  en: { again: "Send again", againIn: (seconds: number) => `Send again in ${seconds} s` },
  ko: { again: "다시 보내기", againIn: (seconds: number) => `${seconds}초 후 다시 보내기` },
});

interface SendAgainProps {
  /** When another code can be asked for. */
  readonly at: number;
  readonly busy: boolean;
  readonly onClick: () => void;
}

/** Asks for another code, once the wait is over. It renders each second, and nothing else does. */
export function SendAgain({ at, busy, onClick }: SendAgainProps) {
  const t = useTranslations(translations);
  const left = useCountdown(at);
  return (
    <Button variant="quiet" className="min-w-max flex-1 tabular-nums" disabled={left > 0} busy={busy} onClick={onClick}>
      {left > 0 ? t.againIn(left) : t.again}
    </Button>
  );
}
