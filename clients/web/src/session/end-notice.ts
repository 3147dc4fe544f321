import { useEffect, useEffectEvent } from "react";
import { useLocation } from "react-router";
import { localizedClientText } from "../i18n/localized-text";
import { reasonText } from "../i18n/reason-text";
import { notify } from "../notices/notices";
import { useSessionStore } from "./use-session-store";

/** The page that ends one's own sessions with all others, and says so itself. */
const endsSessions = "/reset-password";

/** Tells why a session has ended that nobody signed out of. */
export function useEndNotice(): void {
  const { pathname } = useLocation();
  const reason = useSessionStore((session) => (session.status === "signedOut" ? session.reason : undefined));
  // Said once: neither another language nor another page is a reason to say it again.
  const tell = useEffectEvent(() => {
    if (reason && pathname !== endsSessions) {
      notify(
        "error",
        localizedClientText((texts) => reasonText(reason, texts)),
      );
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new reason is told.
  useEffect(() => tell(), [reason]);
}
