import { type Activity, timestampDate } from "@latchkey-auth/client";
import { Link } from "react-router";
import { deviceName } from "../../i18n/device-name";
import { formatTime } from "../../i18n/format-date";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { useLocale } from "../../i18n/use-locale";
import { eventTexts, suspiciousEvents } from "./event-texts";

const translations = defineTranslations({
  en: {
    unknown: "Your account was changed.",
    notYou: "Wasn’t this you?",
    advice: "Change your password to sign out all other devices, or check your devices first.",
    password: "Change password",
    devices: "Check devices",
  },
  ko: {
    unknown: "계정에 변경 사항이 있었어요.",
    notYou: "본인이 아닌가요?",
    advice: "비밀번호를 변경하면 다른 기기에서 모두 로그아웃돼요. 먼저 로그인된 기기를 확인할 수도 있어요.",
    password: "비밀번호 변경",
    devices: "기기 확인",
  },
});

const link = "inline-flex min-h-11 items-center font-medium text-accent underline underline-offset-4";

/** An entry of the activity list: what happened, when and where, and what to do if it was not the user. */
export function ActivityEntry({ activity }: { readonly activity: Activity }) {
  const t = useTranslations(translations);
  const events: Readonly<Record<string, string>> = useTranslations(eventTexts);
  const locale = useLocale((state) => state.locale);
  const at = activity.at && timestampDate(activity.at);
  // A newer server may send an event that these pages do not know.
  const text = Object.hasOwn(events, activity.event) ? events[activity.event] : t.unknown;
  return (
    <li className="px-5 py-4">
      <p className="font-medium">{text}</p>
      <p className="text-sm text-soft">
        {at && <time dateTime={at.toISOString()}>{formatTime(at, locale)}</time>}
        {/* Acts of administrators have no address. */}
        {activity.ip && <span>{` · ${deviceName(activity.device, locale)} · ${activity.ip}`}</span>}
      </p>
      {suspiciousEvents.has(activity.event) && (
        <details>
          <summary className="-mb-2 flex min-h-11 w-fit cursor-pointer items-center rounded-lg text-sm text-accent underline underline-offset-4">
            {t.notYou}
          </summary>
          <div className="mt-2 rounded-xl bg-well px-4 pt-3 pb-1 text-sm">
            <p>{t.advice}</p>
            <p className="flex flex-wrap gap-x-5">
              <Link to="/profile/password" className={link}>
                {t.password}
              </Link>
              <Link to="/devices" className={link}>
                {t.devices}
              </Link>
            </p>
          </div>
        </details>
      )}
    </li>
  );
}
