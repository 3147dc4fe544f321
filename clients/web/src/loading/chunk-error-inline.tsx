import { defineTranslations, useTranslations } from "../i18n/translations";
import { InlineLoadError } from "../ui/inline-load-error";
import type { RetryLoad } from "./component-loader";
import { useAutoRetry } from "./use-auto-retry";

const translations = defineTranslations({
  en: { missing: "Part of this page could not be loaded. Please check your connection." },
  ko: { missing: "페이지의 일부를 불러오지 못했어요. 인터넷 연결을 확인해 주세요." },
});

/** Shown in place of a part of a page whose code could not be loaded. The rest of the page stays as it is. */
export function ChunkErrorInline({ retry }: { readonly retry: RetryLoad }) {
  const t = useTranslations(translations);
  useAutoRetry(retry);
  return <InlineLoadError text={t.missing} retry={retry} />;
}

/** Retries in the background, for a part that the page can do without. */
export function SilentRetry({ retry }: { readonly retry: RetryLoad }) {
  useAutoRetry(retry);
  return null;
}
