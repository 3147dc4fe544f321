import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Session } from "./session.js";
import type { SessionKeeper } from "./session-keeper.js";
import { type SessionListener, SessionStore } from "./session-store.js";

/**
 * Who is signed in, as a store. It fits React's `useSyncExternalStore(session.subscribe, session.getSnapshot)` and
 * zustand's `useStore(session)`. The server is asked when the first listener comes; while anybody listens, the session
 * follows the other tabs, and is asked for again after a lost connection.
 *
 * Every method can be passed on without its object.
 */
export interface SessionHandle {
  /** Returns the session as it is known now. The value is the same one until something changes. */
  readonly getSnapshot: () => Session;
  /** The same as `getSnapshot`, under zustand's name. */
  readonly getState: () => Session;
  /** Returns the session as it is before anything is known, which is what a server renders. */
  readonly getInitialState: () => Session;
  /** Calls the listener after each change, until the function that it gives is called. */
  readonly subscribe: (listener: SessionListener) => () => void;
  /**
   * Asks the server who is signed in, and returns the answer. Never rejects: without an answer, what was known stays, and
   * `error` says why.
   */
  readonly check: () => Promise<Session>;
  /**
   * Waits until it is known who is signed in, and asks the server if need be. Rejects with the LatchkeyError when the
   * server cannot be asked.
   */
  readonly ready: () => Promise<Session>;
  /** Signs out. A session that has ended already is no error. Rejects with `NETWORK_FAILED` while still signed in. */
  readonly signOut: () => Promise<void>;
}

/** Makes the public side of a keeper. */
export function sessionHandle(keeper: SessionKeeper, signOut: () => Promise<unknown>): SessionHandle {
  const getSnapshot = (): Session => keeper.store.current;
  const check = async (): Promise<Session> => {
    await keeper.check();
    return getSnapshot();
  };
  return {
    getSnapshot,
    getState: getSnapshot,
    getInitialState: () => SessionStore.initial,
    subscribe: (listener) => keeper.store.subscribe(listener),
    check,
    async ready() {
      const session = getSnapshot().status === "loading" ? await check() : getSnapshot();
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
        // The session has ended before, or another tab has signed another user in.
        const isOver = now.status === "signedOut" || (user !== undefined && now.user?.id !== user.id);
        if (!isOver) {
          throw LatchkeyError.from(caught);
        }
      }
    },
  };
}
