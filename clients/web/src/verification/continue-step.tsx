import { useEffect, useRef } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";

const translations = defineTranslations({
  en: { proven: "Your code is confirmed. One more step.", submit: "Continue" },
  ko: { proven: "인증번호가 확인되었어요. 마지막 단계만 남았어요.", submit: "계속" },
});

interface ContinueStepProps {
  /** The label of the button. */
  readonly submit?: string | undefined;
  readonly busy: boolean;
  readonly onContinue: () => void;
}

/** Replaces the code form once the code was right. Its button retries the next step. */
export function ContinueStep({ submit, busy, onContinue }: ContinueStepProps) {
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
