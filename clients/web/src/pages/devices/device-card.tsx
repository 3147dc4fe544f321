import { type SessionInfo, timestampDate } from "@latchkey-auth/client";
import type { ReactElement } from "react";
import { deviceName } from "../../i18n/device-name";
import { formatAgo, formatDateTime } from "../../i18n/format-date";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useLocale } from "../../i18n/use-locale";
import { DevicesIcon } from "../../ui/account-icons";
import { CheckIcon } from "../../ui/icons";

const translations = defineTranslations({
  en: {
    active: "Active now",
    lastUsed: "Last used:",
    signedIn: "Signed in:",
    address: "IP address:",
  },
  ko: {
    active: "지금 사용 중",
    lastUsed: "마지막 사용:",
    signedIn: "로그인:",
    address: "IP 주소:",
  },
});

interface DeviceCardProps {
  readonly session: SessionInfo;
  readonly now: Date;
  /** Actions for the device. */
  readonly children?: ReactElement;
}

/** A device with a session: its name, its address, and when it signed in. */
export function DeviceCard({ session, now, children }: DeviceCardProps) {
  const t = useTranslations(translations);
  const locale = useLocale((state) => state.locale);
  const lastUsed = session.lastUsedAt && timestampDate(session.lastUsedAt);
  return (
    <li
      className={`flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border bg-card p-4 sm:p-5 ${session.current ? "border-accent" : "border-line"}`}
    >
      <span className="flex size-11 shrink-0 items-center justify-center rounded-xl bg-well text-soft">
        <DevicesIcon className="size-6" />
      </span>
      <div className="min-w-40 flex-1">
        <h3 className="font-semibold">{deviceName(session.device, locale)}</h3>
        {session.current ? (
          <p className="flex items-center gap-1 text-sm font-semibold text-good">
            <CheckIcon className="size-4" strokeWidth="3" />
            <span>{t.active}</span>
          </p>
        ) : (
          lastUsed && (
            <p className="text-sm text-soft">
              <span>{t.lastUsed}</span>{" "}
              <time dateTime={lastUsed.toISOString()} title={formatDateTime(lastUsed, locale)}>
                {formatAgo(lastUsed, now, locale)}
              </time>
            </p>
          )
        )}
        <p className="text-sm text-soft">
          <SignedInAt session={session} />
        </p>
      </div>
      {children}
    </li>
  );
}

/** When and from which address a session was started. */
export function SignedInAt({ session }: { readonly session: SessionInfo }) {
  const t = useTranslations(translations);
  const locale = useLocale((state) => state.locale);
  const signedIn = session.createdAt && timestampDate(session.createdAt);
  return (
    <>
      {signedIn && (
        <span className="block">
          <span>{t.signedIn}</span> <time dateTime={signedIn.toISOString()}>{formatDateTime(signedIn, locale)}</time>
        </span>
      )}
      {session.ip && (
        <span className="block">
          <span>{t.address}</span> <span translate="no">{session.ip}</span>
        </span>
      )}
    </>
  );
}
