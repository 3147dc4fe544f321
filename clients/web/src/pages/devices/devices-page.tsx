import { useQuery } from "@connectrpc/connect-query";
import { AccountService, LatchkeyError, type SessionInfo } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { deviceName } from "../../i18n/device-name";
import { localized, localizedError } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useLocale } from "../../i18n/use-locale";
import { useNow } from "../../i18n/use-now";
import { notify } from "../../notices/notices";
import PushSwitch from "../../push/push-switch";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { LoadError } from "../../ui/load-error";
import { Page } from "../../ui/page";
import { Skeleton } from "../../ui/skeleton";
import { DeviceCard, SignedInAt } from "./device-card";

const translations = defineTranslations({
  en: {
    title: "Devices",
    lead: "You are signed in on these devices. Sign out any device that you do not recognize or no longer use.",
    here: "This device",
    others: "Other devices",
    none: "You are signed in on this device only.",
    signOut: "Sign out",
    signOutOne: (device: string) => `Sign out ${device}`,
    signOutAll: "Sign out all others",
    askOne: (device: string) => `Sign out ${device}?`,
    askAll: "Sign out all other devices?",
    afterOne: "It has to sign in again. If you do not recognize this device, change your password too.",
    afterAll: "Only this device stays signed in.",
    doneOne: (device: string) => `${device} was signed out.`,
    doneAll: "All other devices were signed out.",
  },
  ko: {
    title: "기기",
    lead: "로그인되어 있는 기기예요. 모르는 기기나 더 이상 쓰지 않는 기기는 로그아웃해 주세요.",
    here: "지금 사용 중인 기기",
    others: "다른 기기",
    none: "이 기기에서만 로그인되어 있어요.",
    signOut: "로그아웃",
    signOutOne: (device: string) => `${device} 로그아웃`,
    signOutAll: "다른 기기 모두 로그아웃",
    askOne: (device: string) => `${device}에서 로그아웃할까요?`,
    askAll: "다른 기기에서 모두 로그아웃할까요?",
    afterOne: "그 기기에서는 다시 로그인해야 해요. 모르는 기기라면 비밀번호도 변경해 주세요.",
    afterAll: "지금 사용 중인 기기만 로그인 상태로 유지돼요.",
    doneOne: (device: string) => `${device}에서 로그아웃했어요.`,
    doneAll: "다른 기기에서 모두 로그아웃했어요.",
  },
});

/** The devices of the user, with buttons that sign them out. */
export default function DevicesPage() {
  const t = useTranslations(translations);
  const locale = useLocale((state) => state.locale);
  const now = useNow();
  const { account } = useLatchkey();
  const list = useQuery(AccountService.method.listSessions);
  const [asked, setAsked] = useState<SessionInfo | "others">();
  const heading = useRef<HTMLHeadingElement>(null);
  const sessions = list.data?.sessions ?? [];
  const current = sessions.filter((session) => session.current);
  const others = sessions.filter((session) => !session.current);
  const named = (session: SessionInfo) => deviceName(session.device, locale);

  async function end(what: SessionInfo | "others") {
    const success = localized(translations, (t) => (what === "others" ? t.doneAll : t.doneOne(named(what))));
    let done = () => notify("success", success);
    try {
      await (what === "others" ? account.revokeOtherSessions() : account.revokeSession({ sessionId: what.id }));
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      // NOT_FOUND means that the session has ended already, so the goal is reached.
      if (error.reason !== "NOT_FOUND") {
        done = () => notify("error", localizedError(error));
      }
    }
    await list.refetch();
    flushSync(() => setAsked(undefined));
    done();
    // The button that had the focus was removed with its device.
    if (document.activeElement === document.body) {
      heading.current?.focus();
    }
  }

  return (
    <Page title={t.title} lead={t.lead}>
      <div className="max-w-2xl">
        {list.error && <LoadError error={list.error} busy={list.isFetching} retry={() => void list.refetch()} />}
        {list.isPending && <Skeleton rows={3} className="h-28" retry={() => void list.refetch()} />}
        {list.data && (
          <>
            <section aria-label={t.here}>
              <h2 className="mb-3 text-lg font-semibold">{t.here}</h2>
              <ul className="space-y-3">
                {current.map((session) => (
                  <DeviceCard key={session.id} session={session} now={now} />
                ))}
              </ul>
              <PushSwitch />
            </section>
            <section aria-label={t.others} className="mt-8">
              <div className="mb-3 flex min-h-12 flex-wrap items-center justify-between gap-2">
                <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
                  {t.others}
                </h2>
                {others.length > 1 && (
                  <Button variant="danger" onClick={() => setAsked("others")}>
                    {t.signOutAll}
                  </Button>
                )}
              </div>
              {others.length === 0 && (
                <p className="rounded-2xl border border-dashed border-edge p-6 text-center text-soft">{t.none}</p>
              )}
              <ul className="space-y-3">
                {others.map((session) => (
                  <DeviceCard key={session.id} session={session} now={now}>
                    <Button
                      variant="secondary"
                      className="w-full sm:w-auto"
                      aria-label={t.signOutOne(named(session))}
                      onClick={() => setAsked(session)}
                    >
                      {t.signOut}
                    </Button>
                  </DeviceCard>
                ))}
              </ul>
            </section>
          </>
        )}
      </div>
      {asked && (
        <ConfirmDialog
          title={asked === "others" ? t.askAll : t.askOne(named(asked))}
          confirm={asked === "others" ? t.signOutAll : t.signOut}
          onClose={() => setAsked(undefined)}
          onConfirm={() => end(asked)}
        >
          {/* Two devices can have the same name, so the session is shown as well. */}
          {asked !== "others" && (
            <p className="mb-2">
              <SignedInAt session={asked} />
            </p>
          )}
          <p>{asked === "others" ? t.afterAll : t.afterOne}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}
