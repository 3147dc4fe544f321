/** The request header that names the language of the page; the server prefers it to the browser's Accept-Language. */
export const localeHeader = "Latchkey-Locale";

/** The language of calls: a BCP 47 tag, or a function that is asked at each call. */
export type LocaleOption = string | (() => string | undefined);

/** Returns the language to send; without an option, the one that the page declares by `<html lang>`. */
export function localeOf(option: LocaleOption | undefined): string | undefined {
  const locale = typeof option === "function" ? option() : option;
  return (locale ?? globalThis.document?.documentElement?.lang) || undefined;
}
