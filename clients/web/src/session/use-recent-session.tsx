import { LatchkeyError } from "@latchkey-auth/client";
import { type ReactElement, useCallback, useState } from "react";
import { flushSync } from "react-dom";
import { ReauthenticateDialog } from "./reauthenticate-dialog";

/** A way to make calls that need a recent session. */
export interface RecentSession {
  /**
   * Makes a call. Where it asks for a recent session, the user proves again who they are, and the call is made once more. Rejects as
   * the call does; with RECENT_SIGN_IN_REQUIRED when the user would rather not.
   */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
  /** Stands somewhere on the page, outside of its forms. */
  readonly dialog: ReactElement | undefined;
}

/** Lets a page make calls that may answer RECENT_SIGN_IN_REQUIRED, and go on with what was begun. */
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
      // At once: what the page does next, with the focus say, does not work below a question.
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
