import { useErrorText } from "@latchkey-auth/client/react";
import { defineWords, useWords } from "../i18n/words";
import { Button } from "./button";
import { WarningIcon } from "./icons";

const words = defineWords({
  en: { title: "This could not be loaded", again: "Try again" },
  ko: { title: "불러오지 못했어요", again: "다시 시도" },
});

interface LoadProblemProps {
  readonly error: unknown;
  /** Whether it is being tried again. */
  readonly busy: boolean;
  readonly retry: () => void;
}

/** Stands where something could not be loaded: why, and a way to try again. */
export function LoadProblem({ error, busy, retry }: LoadProblemProps) {
  const say = useWords(words);
  const errorText = useErrorText();
  return (
    <div className="mb-3 rounded-2xl border border-bad bg-bad-tint p-5">
      <div role="alert" className="flex gap-3">
        <WarningIcon className="mt-0.5 size-5 shrink-0 text-bad" />
        <div>
          <p className="font-semibold">{say.title}</p>
          <p>{errorText(error)}</p>
        </div>
      </div>
      <Button look="secondary" className="mt-4" busy={busy} onClick={retry}>
        {say.again}
      </Button>
    </div>
  );
}
