import { defineTranslations, useTranslations } from "../i18n/translations";
import { SlowNote } from "./slow-note";

const translations = defineTranslations({ en: { loading: "Loading…" }, ko: { loading: "불러오는 중이에요…" } });

interface SkeletonProps {
  readonly rows: number;
  readonly className?: string;
  /** Called by the retry button, which appears when loading takes long. */
  readonly retry: () => void;
}

/** A placeholder for rows of a list, with their height, so that the layout does not shift when they are loaded. */
export function Skeleton({ rows, className = "h-20", retry }: SkeletonProps) {
  const t = useTranslations(translations);
  return (
    <div role="status">
      <span className="sr-only">{t.loading}</span>
      <div aria-hidden="true" className="space-y-3">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are identical.
          <div key={row} className={`animate-pulse rounded-2xl bg-well motion-reduce:animate-none ${className}`} />
        ))}
      </div>
      <SlowNote retry={retry} />
    </div>
  );
}
