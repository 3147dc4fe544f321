import { LatchkeyError } from "@latchkey-auth/client";
import { type ReactElement, useCallback, useState } from "react";
import { flushSync } from "react-dom";
import { ReauthenticateDialog } from "./reauthenticate-dialog";

/** Runs calls that need a recent session. */
export interface RecentSession {
  /**
   * Runs a call. When it fails with RECENT_SIGN_IN_REQUIRED, the user reauthenticates and the call is retried. Rejects like the
   * call; with RECENT_SIGN_IN_REQUIRED when the user cancels.
   */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
  /** The dialog to render, outside of any form. */
  readonly dialog: ReactElement | undefined;
}

/** Returns a function for calls that may fail with RECENT_SIGN_IN_REQUIRED, and the dialog for the reauthentication. */
export function useRecentSession(): RecentSession {
  const [answer, setAnswer] = useState<(confirmed: boolean) => void>();

  const run = useCallback(async <T,>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (caught) {
      if (LatchkeyError.from(caught).reason !== "RECENT_SIGN_IN_REQUIRED") {
        throw caught;
      }
      const confirmed = await new Promise<boolean>((resolve) => setAnswer(() => resolve));
      // Synchronously: the page below an open dialog is inert, so it could not take the focus.
      flushSync(() => setAnswer(undefined));
      if (!confirmed) {
        throw caught;
      }
      return call();
    }
  }, []);

  return {
    run,
    dialog: answer && <ReauthenticateDialog onConfirmed={() => answer(true)} onCancel={() => answer(false)} />,
  };
}
