import type { Locale } from "./locale";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  ["day", day],
  ["hour", hour],
  ["minute", minute],
] as const;

/** Says how long ago a moment was: "3 hours ago", "어제"; with the date when that is longer than a month. */
export function ago(at: Date, now: Date, locale: Locale): string {
  // The clock of this device may be behind the server's.
  const passed = Math.max(0, now.getTime() - at.getTime());
  if (passed >= 30 * day) {
    return dateOf(at, locale);
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, length] of units) {
    if (passed >= length) {
      return relative.format(-Math.floor(passed / length), unit);
    }
  }
  return locale === "ko" ? "방금 전" : "just now";
}

/** Says when a moment was: "20 November 2026 at 14:02". */
export function dateAndTime(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(spoken(locale), { dateStyle: "long", timeStyle: "short" }).format(at);
}

/** Says the time of day: "14:02". */
export function timeOf(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(spoken(locale), { timeStyle: "short" }).format(at);
}

/** Says the day of a moment: "Today", "어제", "20 November 2026". */
export function dayOf(at: Date, now: Date, locale: Locale): string {
  const passed = Math.round((midnight(now) - midnight(at)) / day);
  if (passed < 0 || passed > 1) {
    return dateOf(at, locale);
  }
  const [first = "", ...rest] = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-passed, "day");
  return first.toLocaleUpperCase(locale) + rest.join("");
}

function dateOf(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(spoken(locale), { dateStyle: "long" }).format(at);
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** English as this reader's country writes dates, where the browser knows it. */
function spoken(locale: Locale): string {
  return navigator.languages.find((language) => language.startsWith(`${locale}-`)) ?? locale;
}
