import { useState } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "./button";

const translations = defineTranslations({ en: { again: "Try again" }, ko: { again: "다시 시도" } });

interface InlineLoadErrorProps {
  /** The error message. */
  readonly text: string;
  /** Never rejects. */
  readonly retry: () => Promise<unknown>;
}

/** A short error and a retry button, in place of a small part of a page that could not be loaded. */
export function InlineLoadError({ text, retry }: InlineLoadErrorProps) {
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
      <Button variant="secondary" className="mt-2" busy={busy} onClick={() => void again()}>
        {t.again}
      </Button>
    </div>
  );
}
