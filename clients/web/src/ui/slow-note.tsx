import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "./button";
import { useSlow } from "./use-slow";

const translations = defineTranslations({
  en: { slow: "This is taking longer than usual. Please check your connection.", again: "Try again" },
  ko: { slow: "평소보다 오래 걸리고 있어요. 인터넷 연결을 확인해 주세요.", again: "다시 시도" },
});

interface SlowNoteProps {
  /** Tries again what is waited for; the whole page is loaded again when left out. */
  readonly retry?: (() => void) | undefined;
}

/** Stands where something is waited for. Once that takes long it says so, and offers a way on: no wait is for ever. */
export function SlowNote({ retry = () => window.location.reload() }: SlowNoteProps) {
  const t = useTranslations(translations);
  const [slow, waitAgain] = useSlow();
  if (!slow) {
    return null;
  }

  function again() {
    waitAgain();
    retry();
  }

  return (
    <div className="mt-3 animate-arrive text-center">
      <p className="text-soft">{t.slow}</p>
      <Button look="secondary" className="mt-2" onClick={again}>
        {t.again}
      </Button>
    </div>
  );
}
