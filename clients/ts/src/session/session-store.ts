import type { Session } from "./session.js";

/** Called after each change, with the current and the previous session. */
export type SessionListener = (session: Session, previous: Session) => void;

const loading: Session = { status: "loading" };

/** Holds the current session, and notifies subscribers of changes. */
export class SessionStore {
  #session = loading;
  readonly #listeners = new Set<SessionListener>();
  readonly #onActiveChange: (active: boolean) => void;

  /** @param onActiveChange - called with true for the first subscriber, and with false after the last one */
  constructor(onActiveChange: (active: boolean) => void) {
    this.#onActiveChange = onActiveChange;
  }

  get current(): Session {
    return this.#session;
  }

  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  set(session: Session): void {
    const previous = this.#session;
    this.#session = session;
    for (const listener of [...this.#listeners]) {
      listener(session, previous);
    }
  }

  subscribe(listener: SessionListener): () => void {
    // Wrapped, because the same function may be subscribed twice and unsubscribed separately.
    const entry: SessionListener = (session, previous) => listener(session, previous);
    this.#listeners.add(entry);
    if (this.#listeners.size === 1) {
      this.#onActiveChange(true);
    }
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) {
        this.#onActiveChange(false);
      }
    };
  }

  static readonly initial: Session = loading;
}
