import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import type { Locale } from "../i18n/locale";
import { localized } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { useLocale } from "../i18n/use-locale";
import { notify } from "../notices/notices";
import { type Theme, useTheme } from "./theme";

const translations = defineTranslations({
  en: {
    language: "Language",
    colors: "Colours",
    system: "Automatic",
    light: "Light",
    dark: "Dark",
    outbox: "Outbox (development)",
    notLoaded: "The language could not be loaded. Please check your connection and try again.",
    notSaved: "Messages still come in the previous language. Please change it on your profile page.",
  },
  ko: {
    language: "언어",
    colors: "화면 모드",
    system: "자동",
    light: "밝게",
    dark: "어둡게",
    outbox: "발신함 (개발용)",
    notLoaded: "언어를 불러오지 못했어요. 인터넷 연결을 확인하고 다시 선택해 주세요.",
    notSaved: "메시지는 아직 이전 언어로 보내 드려요. 프로필에서 메시지 언어를 다시 선택해 주세요.",
  },
});

const selectClass = "min-h-11 rounded-lg border-none bg-transparent px-2 text-base text-soft hover:text-ink";

/** The footer of every page: language, colours, and a link to the outbox where this server has one. */
export function Preferences() {
  const t = useTranslations(translations);
  const { locale, setLocale } = useLocale();
  const { theme, setTheme } = useTheme();
  const outbox = useSettings().data?.outboxPath;
  const { account, session } = useLatchkey();

  async function updateAccount(chosen: Locale, hasChanged: boolean) {
    if (!hasChanged) {
      notify(
        "error",
        localized(translations, (t) => t.notLoaded),
      );
      return;
    }
    if (session.getSnapshot().status === "signedIn") {
      try {
        await account.updateProfile({ locale: chosen });
      } catch {
        // The page keeps the new language.
        notify(
          "error",
          localized(translations, (t) => t.notSaved),
        );
      }
    }
  }

  return (
    <footer className="flex flex-wrap items-center justify-center gap-x-2 px-4 py-4 text-sm text-soft">
      <select
        aria-label={t.language}
        value={locale}
        onChange={({ target }) => {
          const chosen = target.value as Locale;
          setLocale(chosen, (hasChanged) => void updateAccount(chosen, hasChanged));
        }}
        className={selectClass}
      >
        <option value="ko" lang="ko">
          한국어
        </option>
        <option value="en" lang="en">
          English
        </option>
      </select>
      <select
        aria-label={t.colors}
        value={theme}
        onChange={(event) => setTheme(event.target.value as Theme)}
        className={selectClass}
      >
        <option value="system">{t.system}</option>
        <option value="light">{t.light}</option>
        <option value="dark">{t.dark}</option>
      </select>
      {outbox && (
        <a
          href={outbox}
          target="_blank"
          rel="noreferrer"
          className="inline-flex min-h-11 items-center px-2 underline underline-offset-4 hover:text-ink"
        >
          {t.outbox}
        </a>
      )}
    </footer>
  );
}
