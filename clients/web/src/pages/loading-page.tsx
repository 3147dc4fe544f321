import { defineTranslations, useTranslations } from "../i18n/translations";
import { SlowNote } from "../ui/slow-note";
import { Spinner } from "../ui/spinner";

const translations = defineTranslations({
  en: { loading: "One moment…" },
  ko: { loading: "잠시만 기다려 주세요…" },
});

/** Is shown until it is known who is signed in, and until a page's own code has come. */
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
