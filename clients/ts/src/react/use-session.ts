import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import { useLatchkey } from "./core-provider.js";

/** The session, and a function that refetches it. */
export type SessionResult = Session & {
  /** Fetches the session again. Resolves when the attempt has ended, and never rejects. */
  readonly refetch: () => Promise<void>;
};

/**
 * Returns the session, and renders again when it changes: in this tab, in another tab, or because the server has ended it.
 * `status` is `loading` until the session is fetched. `error` is the error of the last attempt, which is retried automatically;
 * `refetch` retries at once.
 *
 * ```tsx
 * const session = useSession();
 * if (session.status === "signedIn") return <p>Hello {session.user.nickname}</p>;
 * return session.error ? <button onClick={session.refetch}>Try again</button> : <SignIn />;
 * ```
 */
export function useSession(): SessionResult {
  const { session } = useLatchkey();
  const snapshot = useSyncExternalStore(session.subscribe, session.getSnapshot, session.getInitialState);
  const refetch = useCallback(async () => {
    await session.refetch();
  }, [session]);
  return useMemo(() => ({ ...snapshot, refetch }), [snapshot, refetch]);
}
