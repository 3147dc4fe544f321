import { useQuery } from "@connectrpc/connect-query";
import { AccountService } from "@latchkey-auth/client";
import { useErrorText } from "@latchkey-auth/client/react";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { DevicesIcon } from "../../ui/account-icons";
import { RetryProblem } from "../../ui/retry-problem";
import { GlanceCard } from "./glance-card";
import { Waiting } from "./waiting";

const translations = defineTranslations({
  en: {
    title: "Devices",
    count: (count: number) =>
      count <= 1 ? "You are signed in on this device only." : `You are signed in on ${count} devices.`,
    more: "Look through them",
  },
  ko: {
    title: "로그인된 기기",
    count: (count: number) =>
      count <= 1 ? "이 기기에서만 로그인되어 있어요." : `기기 ${count}대에서 로그인되어 있어요.`,
    more: "기기 확인하기",
  },
});

/** Tells on how many devices one is signed in. */
export function DevicesCard({ hint }: { readonly hint?: string | undefined }) {
  const t = useTranslations(translations);
  const errorText = useErrorText();
  const { data, error, refetch } = useQuery(AccountService.method.listSessions);
  return (
    <GlanceCard icon={<DevicesIcon className="size-5" />} title={t.title} to="/devices" more={t.more}>
      {data && <p>{t.count(data.sessions.length)}</p>}
      {!data &&
        (error ? <RetryProblem text={errorText(error)} retry={refetch} /> : <Waiting retry={() => void refetch()} />)}
      {hint && <p className="mt-2 text-sm text-soft">{hint}</p>}
    </GlanceCard>
  );
}
