import type { Locale } from "./locale";
import { useLocale } from "./use-locale";

/** The texts of a component in each language. */
export type Translations<W> = Readonly<Record<Locale, W>>;

/** Defines the texts of a component. The compiler checks that both languages have every text. */
export function defineTranslations<const W extends object>(translations: {
  readonly en: W;
  readonly ko: { [K in keyof W]: WithStrings<W[K]> };
}): Translations<{
  [K in keyof W]: WithStrings<W[K]>;
}> {
  return translations as never;
}

type WithStrings<T> = T extends string
  ? string
  : T extends (...args: infer Args) => unknown
    ? (...args: Args) => string
    : { [K in keyof T]: WithStrings<T[K]> };

/** Returns the texts in the current language. */
export function useTranslations<W>(translations: Translations<W>): W {
  return translations[useLocale(({ locale }) => locale)];
}
