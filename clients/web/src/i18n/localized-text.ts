import { LatchkeyError } from "@latchkey-auth/client";
import { errorText, type Texts } from "@latchkey-auth/client/texts";
import { clientTexts } from "./client-texts";
import type { Locale } from "./locale";
import type { Translations } from "./translations";
import { useLocale } from "./use-locale";

/** A text as a function of the language. Keep it in state instead of a string: it then follows a change of language. */
export type LocalizedText = (locale: Locale) => string;

/** Returns a text from a component's own translations. */
export function localized<W>(translations: Translations<W>, pick: (t: W) => string): LocalizedText {
  return (locale) => pick(translations[locale]);
}

/** Returns a text from the texts of the client package. */
export function localizedClientText(pick: (texts: Texts) => string): LocalizedText {
  return (locale) => pick(clientTexts(locale));
}

/** Returns the text for a caught error. */
export function localizedError(caught: unknown): LocalizedText {
  const error = LatchkeyError.from(caught);
  return localizedClientText((texts) => errorText(error, texts));
}

/** Returns a function that renders a localized text in the current language. */
export function useLocalize(): (text: LocalizedText) => string {
  const locale = useLocale((state) => state.locale);
  return (text) => text(locale);
}
