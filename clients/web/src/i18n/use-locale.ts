import { create } from "zustand";
import { hasTexts, loadTexts } from "./client-texts";
import { isLocale, type Locale } from "./locale";

interface LocaleState {
  readonly locale: Locale;
  /** Whether somebody has chosen the language on this device, so that nothing else may change it. */
  readonly chosen: boolean;
  /**
   * Speaks a language from now on, on this device. `done` is told whether: the language stays as it is when the words of another
   * could not be loaded.
   */
  readonly choose: (locale: Locale, done?: (isSpoken: boolean) => void) => void;
  /** Speaks the language of an account, unless another one was chosen on this device. */
  readonly follow: (locale: string) => void;
}

const key = "latchkey.locale";

/** Which language the pages speak. */
export const useLocale = create<LocaleState>((set, get) => {
  const kept = read();

  /** Changes the language once its words are there, unless another one was wanted meanwhile. */
  let wanted: Locale | undefined;
  async function speak(locale: Locale, chosen: boolean): Promise<boolean> {
    wanted = locale;
    if (!hasTexts(locale)) {
      try {
        await loadTexts(locale);
      } catch {
        return false;
      }
    }
    if (wanted === locale) {
      set({ locale, chosen });
    }
    return true;
  }

  return {
    locale: kept ?? ofBrowser(),
    chosen: kept !== undefined,
    choose(locale, done) {
      void speak(locale, true).then((isSpoken) => {
        if (isSpoken) {
          keep(locale);
        }
        done?.(isSpoken);
      });
    },
    follow(locale) {
      if (!get().chosen && isLocale(locale)) {
        void speak(locale, false);
      }
    },
  };
});

function ofBrowser(): Locale {
  const first = navigator.languages.map((language) => language.slice(0, 2)).find(isLocale);
  return first ?? "en";
}

// A browser may refuse to keep anything; the language then lasts as long as the page.
function read(): Locale | undefined {
  try {
    const kept = localStorage.getItem(key);
    return isLocale(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function keep(locale: Locale): void {
  try {
    localStorage.setItem(key, locale);
  } catch {}
}
