import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "./button";
import { useIsSlow } from "./use-is-slow";

const translations = defineTranslations({
  en: { slow: "This is taking longer than usual. Please check your connection.", again: "Try again" },
  ko: { slow: "평소보다 오래 걸리고 있어요. 인터넷 연결을 확인해 주세요.", again: "다시 시도" },
});

interface SlowNoteProps {
  /** Retries the loading. Defaults to a reload of the page. */
  readonly retry?: (() => void) | undefined;
}

/** Shown beside a loading state. When loading takes long, it says so and offers a retry. */
export function SlowNote({ retry = () => window.location.reload() }: SlowNoteProps) {
  const t = useTranslations(translations);
  const [isSlow, restart] = useIsSlow();
  if (!isSlow) {
    return null;
  }

  function again() {
    restart();
    retry();
  }

  return (
    <div className="mt-3 animate-arrive text-center">
      <p className="text-soft">{t.slow}</p>
      <Button variant="secondary" className="mt-2" onClick={again}>
        {t.again}
      </Button>
    </div>
  );
}
