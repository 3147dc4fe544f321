import { useState } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Button } from "../ui/button";
import { Page } from "../ui/page";
import type { RetryLoad } from "./component-loader";
import { reloadOnce } from "./reload-once";
import { useAutoRetry } from "./use-auto-retry";

const translations = defineTranslations({
  en: {
    title: "This page could not be loaded",
    lead: "Please check your connection. The page appears as soon as it can be loaded.",
    again: "Try again",
    home: "Go to the start page",
  },
  ko: {
    title: "페이지를 불러오지 못했어요",
    lead: "인터넷 연결을 확인해 주세요. 연결되면 페이지가 자동으로 표시돼요.",
    again: "다시 시도",
    home: "처음으로",
  },
});

/** Shown in place of a page whose code could not be loaded. The user has typed nothing there, so the document may be reloaded. */
export function ChunkErrorPage({ retry }: { readonly retry: RetryLoad }) {
  const t = useTranslations(translations);
  const [busy, setBusy] = useState(false);

  useAutoRetry(async () => {
    // The server answers, but has no such file: another version was deployed. Or the browser has cached the failure.
    if ((await retry()) === "missing") {
      reloadOnce();
    }
  });

  async function again() {
    setBusy(true);
    if ((await retry()) === "missing") {
      window.location.reload();
    }
    setBusy(false);
  }

  return (
    <Page title={t.title} lead={t.lead}>
      <div className="flex flex-wrap gap-3">
        <Button busy={busy} onClick={() => void again()}>
          {t.again}
        </Button>
        <Button variant="secondary" onClick={() => window.location.assign("/")}>
          {t.home}
        </Button>
      </div>
    </Page>
  );
}
