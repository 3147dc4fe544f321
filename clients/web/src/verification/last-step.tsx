import { useEffect, useRef } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";

const translations = defineTranslations({
  en: { proven: "The code was right. Only the last step is left.", submit: "Continue" },
  ko: { proven: "인증번호가 확인되었어요. 마지막 단계만 남았어요.", submit: "계속" },
});

interface LastStepProps {
  /** The words of the button. */
  readonly submit?: string | undefined;
  readonly busy: boolean;
  readonly onContinue: () => void;
}

/** Stands in place of the code's field once the code was right, until the page has gone on. */
export function LastStep({ submit, busy, onContinue }: LastStepProps) {
  const t = useTranslations(translations);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => button.current?.focus(), []);

  return (
    <div className="animate-arrive space-y-4 rounded-2xl bg-tint p-4">
      <p role="status">{t.proven}</p>
      <Button wide ref={button} busy={busy} onClick={onContinue}>
        {submit ?? t.submit}
      </Button>
    </div>
  );
}
