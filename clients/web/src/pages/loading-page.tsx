import { defineWords, useWords } from "../i18n/words";
import { SlowNote } from "../ui/slow-note";
import { Spinner } from "../ui/spinner";

const words = defineWords({
  en: { loading: "One moment…" },
  ko: { loading: "잠시만 기다려 주세요…" },
});

/** Is shown until it is known who is signed in, and until a page's own code has come. */
export function LoadingPage() {
  const say = useWords(words);
  return (
    <div role="status" className="flex min-h-60 flex-col items-center justify-center text-soft">
      <p className="flex items-center gap-3">
        <Spinner />
        <span>{say.loading}</span>
      </p>
      <SlowNote />
    </div>
  );
}
