import { defineTranslations, useTranslations } from "../i18n/translations";
import { RetryProblem } from "../ui/retry-problem";
import type { RetryLoading } from "./page-loader";
import { useRetryByItself } from "./use-retry-by-itself";

const translations = defineTranslations({
  en: { missing: "A part of this page could not be loaded. Please check your connection." },
  ko: { missing: "페이지의 일부를 불러오지 못했어요. 인터넷 연결을 확인해 주세요." },
});

/** Stands where a part of a page would be whose code could not be loaded. The rest of the page stays as it is. */
export function CodeProblemInline({ retry }: { readonly retry: RetryLoading }) {
  const t = useTranslations(translations);
  useRetryByItself(retry);
  return <RetryProblem text={t.missing} retry={retry} />;
}

/** Loads code again without a word, where a page can do without it. */
export function RetryInSilence({ retry }: { readonly retry: RetryLoading }) {
  useRetryByItself(retry);
  return null;
}
