import { useQuery } from "@connectrpc/connect-query";
import { AccountService } from "@latchkey-auth/client";
import { useErrorText } from "@latchkey-auth/client/react";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { DevicesIcon } from "../../ui/account-icons";
import { InlineLoadError } from "../../ui/inline-load-error";
import { SummaryCard } from "./summary-card";
import { TextSkeleton } from "./text-skeleton";

const translations = defineTranslations({
  en: {
    title: "Devices",
    count: (count: number) =>
      count <= 1 ? "You are signed in on this device only." : `You are signed in on ${count} devices.`,
    more: "View devices",
  },
  ko: {
    title: "로그인된 기기",
    count: (count: number) =>
      count <= 1 ? "이 기기에서만 로그인되어 있어요." : `기기 ${count}대에서 로그인되어 있어요.`,
    more: "기기 확인하기",
  },
});

/** Shows on how many devices the user is signed in. */
export function DevicesCard({ hint }: { readonly hint?: string | undefined }) {
  const t = useTranslations(translations);
  const errorText = useErrorText();
  const { data, error, refetch } = useQuery(AccountService.method.listSessions);
  return (
    <SummaryCard icon={<DevicesIcon className="size-5" />} title={t.title} to="/devices" more={t.more}>
      {data && <p>{t.count(data.sessions.length)}</p>}
      {!data &&
        (error ? (
          <InlineLoadError text={errorText(error)} retry={refetch} />
        ) : (
          <TextSkeleton retry={() => void refetch()} />
        ))}
      {hint && <p className="mt-2 text-sm text-soft">{hint}</p>}
    </SummaryCard>
  );
}
