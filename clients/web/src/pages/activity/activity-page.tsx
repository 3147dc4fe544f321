import { useInfiniteQuery } from "@connectrpc/connect-query";
import { AccountService, type Activity, timestampDate } from "@latchkey-auth/client";
import { useEffect, useRef } from "react";
import { formatDay } from "../../i18n/format-date";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useLocale } from "../../i18n/use-locale";
import { useNow } from "../../i18n/use-now";
import { Button } from "../../ui/button";
import { LoadError } from "../../ui/load-error";
import { Page } from "../../ui/page";
import { Skeleton } from "../../ui/skeleton";
import { ActivityEntry } from "./activity-entry";

const translations = defineTranslations({
  en: {
    title: "Activity",
    lead: "Security events of your account, newest first.",
    more: "Show more",
    none: "No activity yet.",
    end: "You have seen everything.",
    shown: (count: number) => `Showing ${count} entries.`,
  },
  ko: {
    title: "활동",
    lead: "계정 보안과 관련된 활동을 최신순으로 보여 드려요.",
    more: "더 보기",
    none: "아직 활동이 없어요.",
    end: "모두 확인했어요.",
    shown: (count: number) => `활동 ${count}건을 표시했어요.`,
  },
});

/** The activity list of the account. */
export default function ActivityPage() {
  const t = useTranslations(translations);
  const locale = useLocale((state) => state.locale);
  const now = useNow();
  const list = useInfiniteQuery(
    AccountService.method.listActivity,
    { pageToken: "" },
    { pageParamKey: "pageToken", getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined },
  );
  const entries = list.data?.pages.flatMap(({ activity }) => activity) ?? [];
  const pages = list.data?.pages.length ?? 0;
  const end = useRef<HTMLParagraphElement>(null);

  // The button disappears with the last page. Without this the focus would be lost.
  useEffect(() => {
    if (pages > 1 && !list.hasNextPage && document.activeElement === document.body) {
      end.current?.focus();
    }
  }, [pages, list.hasNextPage]);

  return (
    <Page title={t.title} lead={t.lead}>
      <div className="max-w-2xl">
        {list.error && (
          <LoadError
            error={list.error}
            busy={list.isFetching}
            retry={() => void (list.isFetchNextPageError ? list.fetchNextPage() : list.refetch())}
          />
        )}
        {list.isPending && <Skeleton rows={5} retry={() => void list.refetch()} />}
        {list.data && entries.length === 0 && (
          <p className="rounded-2xl border border-dashed border-edge p-6 text-center text-soft">{t.none}</p>
        )}
        {byDay(entries, (at) => formatDay(at, now, locale)).map(([day, ofDay]) => (
          <section key={day} className="mb-6">
            <h2 className="mb-2 font-semibold">{day}</h2>
            <ul className="divide-y divide-line rounded-2xl border border-line bg-card">
              {ofDay.map((activity) => (
                <ActivityEntry key={activity.id} activity={activity} />
              ))}
            </ul>
          </section>
        ))}
        <p role="status" className="sr-only">
          {pages > 1 && t.shown(entries.length)}
        </p>
        {list.hasNextPage && (
          <Button variant="secondary" wide busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.more}
          </Button>
        )}
        {pages > 1 && !list.hasNextPage && (
          <p ref={end} tabIndex={-1} className="py-3 text-center text-sm text-soft outline-none">
            {t.end}
          </p>
        )}
      </div>
    </Page>
  );
}

/** Groups entries by the name of their day. */
function byDay(entries: readonly Activity[], nameOf: (at: Date) => string): [string, Activity[]][] {
  const days = new Map<string, Activity[]>();
  for (const entry of entries) {
    const day = entry.at ? nameOf(timestampDate(entry.at)) : "";
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
