import { defineTranslations, useTranslations } from "../i18n/translations";
import { SlowNote } from "../ui/slow-note";
import { Spinner } from "../ui/spinner";

const translations = defineTranslations({
  en: { loading: "One moment…" },
  ko: { loading: "잠시만 기다려 주세요…" },
});

/** Shown until the session is known and the code of the page is loaded. */
export function LoadingPage() {
  const t = useTranslations(translations);
  return (
    <div role="status" className="flex min-h-60 flex-col items-center justify-center text-soft">
      <p className="flex items-center gap-3">
        <Spinner />
        <span>{t.loading}</span>
      </p>
      <SlowNote />
    </div>
  );
}
