import type { Texts } from "@latchkey-auth/client/texts";
import { importAgain } from "../loading/import-again";
import type { Locale } from "./locale";

const english = importAgain(() => import("@latchkey-auth/client/texts/en"), "en");
const korean = importAgain(() => import("@latchkey-auth/client/texts/ko"), "ko");

// The client's words are loaded in the one language that is spoken.
const sources: Record<Locale, () => Promise<Texts>> = {
  en: async () => (await english()).en,
  ko: async () => (await korean()).ko,
};

const loaded = new Map<Locale, Texts>();

/** Loads the client's words in a language. */
export async function loadTexts(locale: Locale): Promise<void> {
  if (!loaded.has(locale)) {
    loaded.set(locale, await sources[locale]());
  }
}

/** Tells whether a language can be spoken at once. */
export const hasTexts = (locale: Locale): boolean => loaded.has(locale);

/** Gives the client's words in a language that was loaded. */
export function textsOf(locale: Locale): Texts {
  const texts = loaded.get(locale);
  if (!texts) {
    throw new Error(`the words in ${locale} have not been loaded`);
  }
  return texts;
}
