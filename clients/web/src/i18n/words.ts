import type { Locale } from "./locale";
import { useLocale } from "./use-locale";

/** The words of a page, once for each language. */
export type Words<W> = Readonly<Record<Locale, W>>;

/** Holds the words of a page; the compiler sees to it that both languages have all of them. */
export function defineWords<const W extends object>(words: {
  readonly en: W;
  readonly ko: { [K in keyof W]: Widened<W[K]> };
}): Words<{
  [K in keyof W]: Widened<W[K]>;
}> {
  return words as never;
}

type Widened<T> = T extends string
  ? string
  : T extends (...args: infer Args) => unknown
    ? (...args: Args) => string
    : { [K in keyof T]: Widened<T[K]> };

/** Gives the words in the language that is spoken. */
export function useWords<W>(words: Words<W>): W {
  return words[useLocale(({ locale }) => locale)];
}
