import type { LatchkeyError } from "@latchkey-auth/client";
import { useErrorText, useLatchkey } from "@latchkey-auth/client/react";
import { useState } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { Page } from "../ui/page";

const translations = defineTranslations({
  en: {
    title: "We cannot reach the server",
    itself: "This page continues as soon as the server responds.",
    again: "Try again",
  },
  ko: {
    title: "서버에 연결할 수 없어요",
    itself: "연결되면 자동으로 이어서 진행돼요.",
    again: "다시 시도",
  },
});

/** Shown while the session cannot be fetched. The client retries in the background as well. */
export function UnreachablePage({ error }: { readonly error: LatchkeyError }) {
  const t = useTranslations(translations);
  const errorText = useErrorText();
  const { session } = useLatchkey();
  const [isPending, setIsPending] = useState(false);

  async function retry() {
    setIsPending(true);
    await session.refetch();
    setIsPending(false);
  }

  return (
    <Page title={t.title} lead={`${errorText(error)} ${t.itself}`}>
      <Button busy={isPending} onClick={() => void retry()}>
        {t.again}
      </Button>
    </Page>
  );
}
