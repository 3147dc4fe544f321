import type { Texts } from "@latchkey-auth/client/texts";
import { retryableImport } from "../loading/retryable-import";
import type { Locale } from "./locale";

const english = retryableImport(() => import("@latchkey-auth/client/texts/en"), "en");
const korean = retryableImport(() => import("@latchkey-auth/client/texts/ko"), "ko");

// Only the texts of the current language are loaded.
const sources: Record<Locale, () => Promise<Texts>> = {
  en: async () => (await english()).en,
  ko: async () => (await korean()).ko,
};

const loaded = new Map<Locale, Texts>();

/** Loads the texts of the client package in a language. */
export async function loadClientTexts(locale: Locale): Promise<void> {
  if (!loaded.has(locale)) {
    loaded.set(locale, await sources[locale]());
  }
}

/** Reports whether the texts in a language are loaded. */
export const hasClientTexts = (locale: Locale): boolean => loaded.has(locale);

/** Returns the texts of the client package. Throws unless they are loaded. */
export function clientTexts(locale: Locale): Texts {
  const texts = loaded.get(locale);
  if (!texts) {
    throw new Error(`the texts in ${locale} are not loaded`);
  }
  return texts;
}
