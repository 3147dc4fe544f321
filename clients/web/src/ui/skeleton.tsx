import { defineWords, useWords } from "../i18n/words";

const words = defineWords({ en: { loading: "Loading…" }, ko: { loading: "불러오는 중이에요…" } });

/** Stands where rows of a list will be, as high as they are, so that nothing jumps when they come. */
export function Skeleton({ rows, className = "h-20" }: { readonly rows: number; readonly className?: string }) {
  const say = useWords(words);
  return (
    <div role="status">
      <span className="sr-only">{say.loading}</span>
      <div aria-hidden="true" className="space-y-3">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
          <div key={row} className={`animate-pulse rounded-2xl bg-well motion-reduce:animate-none ${className}`} />
        ))}
      </div>
    </div>
  );
}
