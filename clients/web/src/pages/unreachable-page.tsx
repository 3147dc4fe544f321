import type { LatchkeyError } from "@latchkey-auth/client";
import { useErrorText } from "@latchkey-auth/client/react";
import { defineWords, useWords } from "../i18n/words";
import { Button } from "../ui/button";
import { Page } from "../ui/page";

const words = defineWords({
  en: { title: "We cannot reach the server", again: "Try again" },
  ko: { title: "서버에 연결할 수 없어요", again: "다시 시도" },
});

/** Is shown while the server cannot be asked who is signed in. It is asked again by itself as well. */
export function UnreachablePage({ error, retry }: { readonly error: LatchkeyError; readonly retry: () => void }) {
  const say = useWords(words);
  const errorText = useErrorText();
  return (
    <main className="mx-auto max-w-md px-5 py-16">
      <Page title={say.title} lead={errorText(error)}>
        <Button onClick={retry}>{say.again}</Button>
      </Page>
    </main>
  );
}
