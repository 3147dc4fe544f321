import { useErrorText } from "@latchkey-auth/client/react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "./button";
import { WarningIcon } from "./icons";

const translations = defineTranslations({
  en: { title: "This could not be loaded", again: "Try again" },
  ko: { title: "불러오지 못했어요", again: "다시 시도" },
});

interface LoadErrorProps {
  readonly error: unknown;
  /** Whether a retry is running. */
  readonly busy: boolean;
  readonly retry: () => void;
}

/** An error and a retry button, in place of a part of a page that could not be loaded. */
export function LoadError({ error, busy, retry }: LoadErrorProps) {
  const t = useTranslations(translations);
  const errorText = useErrorText();
  return (
    <div className="mb-3 rounded-2xl border border-bad bg-bad-tint p-5">
      <div role="alert" className="flex gap-3">
        <WarningIcon className="mt-0.5 size-5 shrink-0 text-bad" />
        <div>
          <p className="font-semibold">{t.title}</p>
          <p>{errorText(error)}</p>
        </div>
      </div>
      <Button variant="secondary" className="mt-4" busy={busy} onClick={retry}>
        {t.again}
      </Button>
    </div>
  );
}
