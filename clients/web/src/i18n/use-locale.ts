import { create } from "zustand";
import { hasClientTexts, loadClientTexts } from "./client-texts";
import { isLocale, type Locale } from "./locale";

interface LocaleState {
  readonly locale: Locale;
  /** Whether the user has chosen the language on this device. Then the language of the account does not replace it. */
  readonly chosen: boolean;
  /**
   * Changes the language on this device. `done` receives whether that succeeded: when the texts cannot be loaded, the language
   * stays as it is.
   */
  readonly setLocale: (locale: Locale, done?: (hasChanged: boolean) => void) => void;
  /** Uses the language of an account, unless the user has chosen another one on this device. */
  readonly followAccount: (locale: string) => void;
}

const key = "latchkey.locale";

/** The current language. */
export const useLocale = create<LocaleState>((set, get) => {
  const stored = readStored();

  /** Changes the language once its texts are loaded, unless another language was requested in the meantime. */
  let requested: Locale | undefined;
  async function changeLocale(locale: Locale, chosen: boolean): Promise<boolean> {
    requested = locale;
    if (!hasClientTexts(locale)) {
      try {
        await loadClientTexts(locale);
      } catch {
        return false;
      }
    }
    if (requested === locale) {
      set({ locale, chosen });
    }
    return true;
  }

  return {
    locale: stored ?? browserLocale(),
    chosen: stored !== undefined,
    setLocale(locale, done) {
      void changeLocale(locale, true).then((hasChanged) => {
        if (hasChanged) {
          store(locale);
        }
        done?.(hasChanged);
      });
    },
    followAccount(locale) {
      if (!get().chosen && isLocale(locale)) {
        void changeLocale(locale, false);
      }
    },
  };
});

function browserLocale(): Locale {
  const first = navigator.languages.map((language) => language.slice(0, 2)).find(isLocale);
  return first ?? "en";
}

// A browser may block storage. The choice then lasts until the page is reloaded.
function readStored(): Locale | undefined {
  try {
    const value = localStorage.getItem(key);
    return isLocale(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function store(locale: Locale): void {
  try {
    localStorage.setItem(key, locale);
  } catch {}
}
