import { useSyncExternalStore } from "react";
import type { Session } from "../session/session.js";
import { useLatchkey } from "./provider.js";

/**
 * Tells who is signed in, and draws again when that changes: here, in another tab, or because the server ended the
 * session. `status` is `loading` until the server has answered.
 *
 * ```tsx
 * const session = useSession();
 * return session.status === "signedIn" ? <p>Hello {session.user.nickname}</p> : <SignIn />;
 * ```
 */
export function useSession(): Session {
  const { session } = useLatchkey();
  return useSyncExternalStore(session.subscribe, session.getSnapshot, session.getInitialState);
}
