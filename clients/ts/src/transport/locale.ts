/** The request header with the language of the page. The server prefers it to Accept-Language. */
export const localeHeader = "Latchkey-Locale";

/** The language of calls: a BCP 47 tag, or a function that returns it for each call. */
export type LocaleOption = string | (() => string | undefined);

/** Returns the language to send. Defaults to `<html lang>`. */
export function resolveLocale(option: LocaleOption | undefined): string | undefined {
  const locale = typeof option === "function" ? option() : option;
  return (locale ?? globalThis.document?.documentElement?.lang) || undefined;
}
