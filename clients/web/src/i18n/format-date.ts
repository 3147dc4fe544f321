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

/** Formats how long ago a date was: "3 hours ago", "어제". A date more than a month ago is written in full. */
export function formatAgo(at: Date, now: Date, locale: Locale): string {
  // The device's clock may be behind the server's.
  const passed = Math.max(0, now.getTime() - at.getTime());
  if (passed >= 30 * day) {
    return formatDate(at, locale);
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, length] of units) {
    if (passed >= length) {
      return relative.format(-Math.floor(passed / length), unit);
    }
  }
  return locale === "ko" ? "방금 전" : "just now";
}

/** Formats date and time: "20 November 2026 at 14:02". */
export function formatDateTime(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(regionalLocale(locale), { dateStyle: "long", timeStyle: "short" }).format(at);
}

/** Formats the time of day: "14:02". */
export function formatTime(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(regionalLocale(locale), { timeStyle: "short" }).format(at);
}

/** Formats the day: "Today", "어제", "20 November 2026". */
export function formatDay(at: Date, now: Date, locale: Locale): string {
  const passed = Math.round((midnight(now) - midnight(at)) / day);
  if (passed < 0 || passed > 1) {
    return formatDate(at, locale);
  }
  const [first = "", ...rest] = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-passed, "day");
  return first.toLocaleUpperCase(locale) + rest.join("");
}

function formatDate(at: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(regionalLocale(locale), { dateStyle: "long" }).format(at);
}

function midnight(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** Returns the user's regional variant of a language, such as en-GB, where the browser names one. */
function regionalLocale(locale: Locale): string {
  return navigator.languages.find((language) => language.startsWith(`${locale}-`)) ?? locale;
}
