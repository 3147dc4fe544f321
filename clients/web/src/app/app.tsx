import type { Latchkey } from "@latchkey-auth/client";
import { LatchkeyBase, useSettings } from "@latchkey-auth/client/react";
import { useEffect } from "react";
import { clientTexts } from "../i18n/client-texts";
import { useLocale } from "../i18n/use-locale";
import { NoticeRegion } from "../notices/notice-region";
import { dismissError } from "../notices/notices";
import { ErrorBoundary } from "../pages/error-page";
import { useEndNotice } from "../session/end-notice";
import { useMemory } from "../session/use-memory";
import { useSessionStore } from "../session/use-session-store";
import { keepCodesOf } from "../verification/kept-codes";
import { Routing } from "./routing";

/** All pages. A router stands around it: that of the browser, or a test's. */
export function App({ client }: { readonly client: Latchkey }) {
  const locale = useLocale((state) => state.locale);

  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);

  return (
    <LatchkeyBase client={client} texts={clientTexts(locale)}>
      <NoticeRegion />
      <SessionFollower />
      <ErrorBoundary>
        <Routing />
      </ErrorBoundary>
    </LatchkeyBase>
  );
}

/** Does what follows from who is signed in, whatever page is shown. */
function SessionFollower() {
  const accountLocale = useSessionStore(({ user }) => user?.locale);
  const followAccount = useLocale((state) => state.followAccount);
  const id = useSessionStore(({ user }) => user?.id);
  const memory = useMemory();
  useEndNotice();
  // Asked for at once, and not only when the code of the page is there.
  useSettings();
  useEffect(() => {
    // Whoever comes to this device next is not shown what somebody else has typed.
    if (id) {
      memory.clear();
    }
  }, [id, memory]);
  const known = useSessionStore(({ status }) => status !== "loading");
  useEffect(() => {
    if (known) {
      keepCodesOf(id);
    }
  }, [id, known]);
  useEffect(() => followAccount(accountLocale ?? ""), [followAccount, accountLocale]);
  // What went wrong on the way in is over once somebody is in.
  const signedIn = useSessionStore(({ status }) => status === "signedIn");
  useEffect(() => {
    if (signedIn) {
      dismissError();
    }
  }, [signedIn]);
  return null;
}
