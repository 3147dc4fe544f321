import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Session } from "./session.js";
import type { SessionController } from "./session-controller.js";
import { type SessionListener, SessionStore } from "./session-store.js";

/**
 * The session as a store, for React's `useSyncExternalStore(session.subscribe, session.getSnapshot)` and zustand's
 * `useStore(session)`. The first subscriber triggers a fetch. While there are subscribers, the session follows the other tabs, and
 * is refetched after a lost connection.
 *
 * All methods work without their object, so they can be passed as functions.
 */
export interface SessionHandle {
  /** Returns the current session. The value is the same object until the session changes. */
  readonly getSnapshot: () => Session;
  /** An alias of `getSnapshot`, for zustand. */
  readonly getState: () => Session;
  /** Returns the initial, loading session, for server rendering. */
  readonly getInitialState: () => Session;
  /** Calls the listener after each change, until the returned function is called. */
  readonly subscribe: (listener: SessionListener) => () => void;
  /**
   * Fetches the session and returns it. Never rejects: after a failure the session stays as it was, with `error` set.
   */
  readonly refetch: () => Promise<Session>;
  /**
   * Resolves with the session once it is known, and fetches it if necessary. Rejects with a LatchkeyError when that fails.
   */
  readonly ready: () => Promise<Session>;
  /** Signs out. Succeeds if the session has ended already. Rejects with `NETWORK_FAILED` while still signed in. */
  readonly signOut: () => Promise<void>;
}

/** Creates the public interface of a controller. */
export function createSessionHandle(controller: SessionController, signOut: () => Promise<unknown>): SessionHandle {
  const getSnapshot = (): Session => controller.store.current;
  const refetch = async (): Promise<Session> => {
    await controller.fetch();
    return getSnapshot();
  };
  return {
    getSnapshot,
    getState: getSnapshot,
    getInitialState: () => SessionStore.initial,
    subscribe: (listener) => controller.store.subscribe(listener),
    refetch,
    async ready() {
      const session = getSnapshot().status === "loading" ? await refetch() : getSnapshot();
      if (session.status === "loading" && session.error) {
        throw session.error;
      }
      return session;
    },
    async signOut() {
      const { user } = getSnapshot();
      try {
        await signOut();
      } catch (caught) {
        const now = getSnapshot();
        // The session had ended already, or another tab has signed another user in.
        const hasEnded = now.status === "signedOut" || (user !== undefined && now.user?.id !== user.id);
        if (!hasEnded) {
          throw LatchkeyError.from(caught);
        }
      }
    },
  };
}
