import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import type { Locale } from "../i18n/locale";
import { spoken } from "../i18n/spoken";
import { useLocale } from "../i18n/use-locale";
import { defineWords, useWords } from "../i18n/words";
import { notify } from "../notices/notices";
import { type Theme, useTheme } from "./theme";

const words = defineWords({
  en: {
    language: "Language",
    colours: "Colours",
    system: "Automatic",
    light: "Light",
    dark: "Dark",
    outbox: "Outbox (development)",
    unspoken: "The language could not be loaded. Please check your connection and choose it again.",
    mailsStay: "Your messages still come in the former language. Please choose it again under Profile.",
  },
  ko: {
    language: "언어",
    colours: "화면 모드",
    system: "자동",
    light: "밝게",
    dark: "어둡게",
    outbox: "발신함 (개발용)",
    unspoken: "언어를 불러오지 못했어요. 인터넷 연결을 확인하고 다시 선택해 주세요.",
    mailsStay: "메시지는 아직 이전 언어로 보내 드려요. 프로필에서 메시지 언어를 다시 선택해 주세요.",
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

  async function follow(chosen: Locale, isSpoken: boolean) {
    if (!isSpoken) {
      notify(
        "problem",
        spoken(words, (t) => t.unspoken),
      );
      return;
    }
    if (session.getSnapshot().status === "signedIn") {
      try {
        await account.updateProfile({ locale: chosen });
      } catch {
        // The page speaks the language all the same.
        notify(
          "problem",
          spoken(words, (t) => t.mailsStay),
        );
      }
    }
  }

  return (
    <footer className="flex flex-wrap items-center justify-center gap-x-2 px-4 py-4 text-sm text-soft">
      <select
        aria-label={say.language}
        value={locale}
        onChange={({ target }) => {
          const chosen = target.value as Locale;
          choose(chosen, (isSpoken) => void follow(chosen, isSpoken));
        }}
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
