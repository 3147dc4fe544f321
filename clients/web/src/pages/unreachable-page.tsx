import type { LatchkeyError } from "@latchkey-auth/client";
import { useErrorText, useLatchkey } from "@latchkey-auth/client/react";
import { useState } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { Page } from "../ui/page";

const translations = defineTranslations({
  en: {
    title: "We cannot reach the server",
    itself: "As soon as it answers, this page goes on by itself.",
    again: "Try again",
  },
  ko: {
    title: "서버에 연결할 수 없어요",
    itself: "연결되면 자동으로 이어서 진행돼요.",
    again: "다시 시도",
  },
});

/** Is shown while the server cannot be asked who is signed in. It is asked again by itself as well. */
export function UnreachablePage({ error }: { readonly error: LatchkeyError }) {
  const t = useTranslations(translations);
  const errorText = useErrorText();
  const { session } = useLatchkey();
  const [asking, setAsking] = useState(false);

  async function ask() {
    setAsking(true);
    await session.check();
    setAsking(false);
  }

  return (
    <Page title={t.title} lead={`${errorText(error)} ${t.itself}`}>
      <Button busy={asking} onClick={() => void ask()}>
        {t.again}
      </Button>
    </Page>
  );
}
