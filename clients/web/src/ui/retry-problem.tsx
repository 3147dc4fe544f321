import { useState } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "./button";

const translations = defineTranslations({ en: { again: "Try again" }, ko: { again: "다시 시도" } });

interface RetryProblemProps {
  /** What is wrong. */
  readonly text: string;
  /** Never rejects. */
  readonly retry: () => Promise<unknown>;
}

/** Stands where a small part of a page could not be loaded: why, and a way to try again. */
export function RetryProblem({ text, retry }: RetryProblemProps) {
  const t = useTranslations(translations);
  const [busy, setBusy] = useState(false);

  async function again() {
    setBusy(true);
    await retry();
    setBusy(false);
  }

  return (
    <div>
      <p role="alert" className="font-medium text-bad">
        {text}
      </p>
      <Button look="secondary" className="mt-2" busy={busy} onClick={() => void again()}>
        {t.again}
      </Button>
    </div>
  );
}
