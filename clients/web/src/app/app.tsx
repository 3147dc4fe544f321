import type { Latchkey } from "@latchkey-auth/client";
import { LatchkeyCoreProvider, useSettings } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { clientTexts } from "../i18n/client-texts";
import { useLocale } from "../i18n/use-locale";
import { NoticeRegion } from "../notices/notice-region";
import { dismissError } from "../notices/notices";
import { ErrorBoundary } from "../pages/error-page";
import { useSessionEndNotice } from "../session/use-session-end-notice";
import { useSessionStore } from "../session/use-session-store";
import { useTabMemory } from "../session/use-tab-memory";
import { clearCodesOfOthers } from "../verification/stored-codes";
import { Routing } from "./routing";

/** The application. Render it inside a router: BrowserRouter, or MemoryRouter in tests. */
export function App({ client }: { readonly client: Latchkey }) {
  const locale = useLocale((state) => state.locale);

  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);

  return (
    <LatchkeyCoreProvider client={client} texts={clientTexts(locale)}>
      <NoticeRegion />
      <SessionEffects />
      <ErrorBoundary>
        <Routing />
      </ErrorBoundary>
    </LatchkeyCoreProvider>
  );
}

/** Runs the effects of a change of the session, on every page. */
function SessionEffects() {
  const accountLocale = useSessionStore(({ user }) => user?.locale);
  const followAccount = useLocale((state) => state.followAccount);
  const id = useSessionStore(({ user }) => user?.id);
  const memory = useTabMemory();
  useSessionEndNotice();
  // Starts the request at once, before the code of the page is loaded.
  useSettings();
  useEffect(() => {
    // The next user of this device must not see the input of the previous user.
    if (id) {
      memory.clear();
    }
  }, [id, memory]);
  const known = useSessionStore(({ status }) => status !== "loading");
  useEffect(() => {
    if (known) {
      clearCodesOfOthers(id);
    }
  }, [id, known]);
  useEffect(() => followAccount(accountLocale ?? ""), [followAccount, accountLocale]);
  // An error of the sign-in is obsolete once the user is signed in.
  const signedIn = useSessionStore(({ status }) => status === "signedIn");
  useEffect(() => {
    if (signedIn) {
      dismissError();
    }
  }, [signedIn]);
  return null;
}
