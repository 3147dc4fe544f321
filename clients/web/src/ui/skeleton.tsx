import { defineTranslations, useTranslations } from "../i18n/translations";
import { SlowNote } from "./slow-note";

const translations = defineTranslations({ en: { loading: "Loading…" }, ko: { loading: "불러오는 중이에요…" } });

interface SkeletonProps {
  readonly rows: number;
  readonly className?: string;
  /** Tries again, once it takes long. */
  readonly retry: () => void;
}

/** Stands where rows of a list will be, as high as they are, so that nothing jumps when they come. */
export function Skeleton({ rows, className = "h-20", retry }: SkeletonProps) {
  const t = useTranslations(translations);
  return (
    <div role="status">
      <span className="sr-only">{t.loading}</span>
      <div aria-hidden="true" className="space-y-3">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
          <div key={row} className={`animate-pulse rounded-2xl bg-well motion-reduce:animate-none ${className}`} />
        ))}
      </div>
      <SlowNote retry={retry} />
    </div>
  );
}
