import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import { useLatchkey } from "./provider.js";

/** The session, and a way to ask for it again. */
export type SessionResult = Session & {
  /** Asks the server again at once. Resolves when it has answered or failed to, and never rejects. */
  readonly retry: () => Promise<void>;
};

/**
 * Returns who is signed in, and renders again when that changes: here, in another tab, or because the server has ended the
 * session. `status` is `loading` until the server has answered. `error` says why the last question to it has failed; it is
 * asked again by itself, and `retry` does so at once.
 *
 * ```tsx
 * const session = useSession();
 * if (session.status === "signedIn") return <p>Hello {session.user.nickname}</p>;
 * return session.error ? <button onClick={session.retry}>Try again</button> : <SignIn />;
 * ```
 */
export function useSession(): SessionResult {
  const { session } = useLatchkey();
  const snapshot = useSyncExternalStore(session.subscribe, session.getSnapshot, session.getInitialState);
  const retry = useCallback(async () => {
    await session.check();
  }, [session]);
  return useMemo(() => ({ ...snapshot, retry }), [snapshot, retry]);
}
