import { useQuery } from "@connectrpc/connect-query";
import { AccountService, timestampDate } from "@latchkey-auth/client";
import { useErrorText } from "@latchkey-auth/client/react";
import { deviceName } from "../../i18n/device-name";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useLocale } from "../../i18n/use-locale";
import { ClockIcon } from "../../ui/account-icons";
import { InlineLoadError } from "../../ui/inline-load-error";
import { SummaryCard } from "./summary-card";
import { TextSkeleton } from "./text-skeleton";

const translations = defineTranslations({
  en: {
    title: "Last activity",
    none: "No activity yet.",
    more: "See all activity",
  },
  ko: {
    title: "최근 활동",
    none: "아직 활동 내역이 없어요.",
    more: "전체 활동 보기",
  },
});

/** Shows when and where the account was last active, so that the owner notices a stranger. */
export function LastActivityCard() {
  const t = useTranslations(translations);
  const locale = useLocale((state) => state.locale);
  const errorText = useErrorText();
  const { data, error, refetch } = useQuery(AccountService.method.listActivity, { pageSize: 1 });
  const last = data?.activity[0];
  const at = last?.at && timestampDate(last.at);
  return (
    <SummaryCard icon={<ClockIcon className="size-5" />} title={t.title} to="/activity" more={t.more}>
      {at && (
        <>
          <p>
            <time dateTime={at.toISOString()}>
              {new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(at)}
            </time>
          </p>
          <p className="text-sm text-soft">{deviceName(last.device, locale)}</p>
        </>
      )}
      {data && !at && <p>{t.none}</p>}
      {!data &&
        (error ? (
          <InlineLoadError text={errorText(error)} retry={refetch} />
        ) : (
          <TextSkeleton retry={() => void refetch()} />
        ))}
    </SummaryCard>
  );
}
