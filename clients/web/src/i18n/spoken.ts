import { LatchkeyError } from "@latchkey-auth/client";
import { errorText, type Texts } from "@latchkey-auth/client/texts";
import { textsOf } from "./client-texts";
import type { Locale } from "./locale";
import { useLocale } from "./use-locale";
import type { Words } from "./words";

/** A sentence that is kept, such as an error: it is put into words when it is rendered, so it follows the language. */
export type Spoken = (locale: Locale) => string;

/** Returns a sentence of a page's own words. */
export function spoken<W>(words: Words<W>, pick: (t: W) => string): Spoken {
  return (locale) => pick(words[locale]);
}

/** Returns a sentence of the client's words. */
export function spokenText(pick: (texts: Texts) => string): Spoken {
  return (locale) => pick(textsOf(locale));
}

/** Returns the sentence for what was caught. */
export function spokenError(caught: unknown): Spoken {
  const error = LatchkeyError.from(caught);
  return spokenText((texts) => errorText(error, texts));
}

/** Returns a function that puts a sentence into words, in the present language. */
export function useSpeak(): (sentence: Spoken) => string {
  const locale = useLocale((state) => state.locale);
  return (sentence) => sentence(locale);
}
