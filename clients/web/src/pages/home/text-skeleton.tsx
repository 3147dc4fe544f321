import { defineTranslations, useTranslations } from "../../i18n/translations";
import { SlowNote } from "../../ui/slow-note";

const translations = defineTranslations({ en: { waiting: "One moment…" }, ko: { waiting: "잠시만 기다려 주세요…" } });

/** A placeholder for a line of text. */
export function TextSkeleton({ retry }: { readonly retry: () => void }) {
  const t = useTranslations(translations);
  return (
    <>
      <p className="animate-pulse">
        <span className="sr-only">{t.waiting}</span>
        <span aria-hidden="true" className="block h-4 w-3/4 rounded bg-well" />
      </p>
      <SlowNote retry={retry} />
    </>
  );
}
