/** The languages of the pages. */
export type Locale = "ko" | "en";

/** Reports whether the pages have a language. */
export function isLocale(text: string | null): text is Locale {
  return text === "ko" || text === "en";
}
