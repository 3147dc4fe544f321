import { LatchkeyError } from "@latchkey-auth/client";
import { type ReactElement, useCallback, useState } from "react";
import { flushSync } from "react-dom";
import { SignInAgainDialog } from "./sign-in-again-dialog";

/** A way to make calls that need a recent sign-in. */
export interface RecentSignIn {
  /**
   * Makes a call. Where it asks for a recent sign-in, the user is asked for it, and the call is made once more. Rejects as
   * the call does; with RECENT_SIGN_IN_REQUIRED when the user would rather not.
   */
  readonly run: <T>(call: () => Promise<T>) => Promise<T>;
  /** Stands somewhere on the page, outside of its forms. */
  readonly dialog: ReactElement | undefined;
}

/** Lets a page make calls that may answer RECENT_SIGN_IN_REQUIRED, and go on with what was begun. */
export function useRecentSignIn(): RecentSignIn {
  const [answer, setAnswer] = useState<(signedIn: boolean) => void>();

  const run = useCallback(async <T,>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (caught) {
      if (LatchkeyError.from(caught).reason !== "RECENT_SIGN_IN_REQUIRED") {
        throw caught;
      }
      const signedIn = await new Promise<boolean>((resolve) => setAnswer(() => resolve));
      // At once: what the page does next, with the focus say, does not work below a question.
      flushSync(() => setAnswer(undefined));
      if (!signedIn) {
        throw caught;
      }
      return call();
    }
  }, []);

  return {
    run,
    dialog: answer && <SignInAgainDialog onSignedIn={() => answer(true)} onCancel={() => answer(false)} />,
  };
}
