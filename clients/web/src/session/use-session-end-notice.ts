import type { Reason } from "@latchkey-auth/client";
import type { Texts } from "@latchkey-auth/client/texts";
import { useEffect, useEffectEvent } from "react";
import { useLocation } from "react-router";
import { localizedClientText } from "../i18n/localized-text";
import { notify } from "../notices/notices";
import { useSessionStore } from "./use-session-store";

/** The page that ends all sessions of the user, and shows its own notice. */
const resetPasswordPath = "/reset-password";

/** Shows why a session has ended, unless the user has signed out. */
export function useSessionEndNotice(): void {
  const { pathname } = useLocation();
  const reason = useSessionStore((session) => (session.status === "signedOut" ? session.reason : undefined));
  // An effect event: a change of language or page must not show the notice again.
  const notifyUser = useEffectEvent(() => {
    if (reason && pathname !== resetPasswordPath) {
      notify(
        "error",
        localizedClientText((texts) => reasonText(reason, texts)),
      );
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each new reason.
  useEffect(() => notifyUser(), [reason]);
}

/** Returns the text for a reason without an error. */
function reasonText(reason: Reason, texts: Texts): string {
  const text = texts.reasons[reason];
  return typeof text === "string" ? text : text({ attemptsLeft: undefined, retryAfter: undefined });
}
