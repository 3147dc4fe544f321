import { defineTranslations, useTranslations } from "../i18n/translations";
import { formatClock, useCountdown } from "./use-countdown";

const translations = defineTranslations({
  en: {
    left: "Time left",
    soon: "The code expires in one minute.",
    ended: "The code has expired. Please request a new one.",
  },
  ko: {
    left: "남은 시간",
    soon: "인증번호가 1분 뒤에 만료돼요.",
    ended: "인증번호가 만료되었어요. 다시 요청해 주세요.",
  },
});

/** The time until a code expires. Screen readers announce the last minute and the end. Only this component renders every second. */
export function TimeLeft({ until }: { readonly until: number }) {
  const t = useTranslations(translations);
  const left = useCountdown(until);
  return (
    <span className="text-sm">
      {left > 0 && (
        <span role="timer" className="text-soft tabular-nums">
          <span className="sr-only">{`${t.left} `}</span>
          <span>{formatClock(left)}</span>
        </span>
      )}
      {/* Always rendered, because screen readers announce changes of existing live regions only. */}
      <span role="status" className={left > 0 ? "sr-only" : "font-medium text-bad"}>
        {left === 0 ? t.ended : left <= 60 ? t.soon : ""}
      </span>
    </span>
  );
}
