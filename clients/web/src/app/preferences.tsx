import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { type Locale, useLocale } from "../i18n/locale";
import { defineWords, useWords } from "../i18n/words";
import { type Theme, useTheme } from "./theme";

const words = defineWords({
  en: {
    language: "Language",
    colours: "Colours",
    system: "Automatic",
    light: "Light",
    dark: "Dark",
    outbox: "Outbox (development)",
  },
  ko: {
    language: "언어",
    colours: "화면 모드",
    system: "자동",
    light: "밝게",
    dark: "어둡게",
    outbox: "발신함 (개발용)",
  },
});

const choice = "min-h-11 rounded-lg border-none bg-transparent px-2 text-base text-soft hover:text-ink";

/** Language and colours, at the foot of every page; and the outbox, where this server has one. */
export function Preferences() {
  const say = useWords(words);
  const { locale, choose } = useLocale();
  const { theme, choose: paint } = useTheme();
  const outbox = useSettings().data?.outboxPath;
  const { account, session } = useLatchkey();

  function speak(chosen: Locale) {
    choose(chosen);
    if (session.getSnapshot().status === "signedIn") {
      // Mails follow. If that fails, the page speaks the language all the same.
      account.updateProfile({ locale: chosen }).catch(() => undefined);
    }
  }

  return (
    <footer className="flex flex-wrap items-center justify-center gap-x-2 px-4 py-4 text-sm text-soft">
      <select
        aria-label={say.language}
        value={locale}
        onChange={(event) => speak(event.target.value as Locale)}
        className={choice}
      >
        <option value="ko" lang="ko">
          한국어
        </option>
        <option value="en" lang="en">
          English
        </option>
      </select>
      <select
        aria-label={say.colours}
        value={theme}
        onChange={(event) => paint(event.target.value as Theme)}
        className={choice}
      >
        <option value="system">{say.system}</option>
        <option value="light">{say.light}</option>
        <option value="dark">{say.dark}</option>
      </select>
      {outbox && (
        <a
          href={outbox}
          target="_blank"
          rel="noreferrer"
          className="inline-flex min-h-11 items-center px-2 underline underline-offset-4 hover:text-ink"
        >
          {say.outbox}
        </a>
      )}
    </footer>
  );
}
