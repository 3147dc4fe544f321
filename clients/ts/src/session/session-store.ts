import type { Session } from "./session.js";

/** Is called after each change of the session, with what it is now and what it was. */
export type SessionListener = (session: Session, previous: Session) => void;

const loading: Session = { status: "loading" };

/** Holds the session as it is now, and tells those who want to know of changes. It decides nothing. */
export class SessionStore {
  #session = loading;
  readonly #listeners = new Set<SessionListener>();
  readonly #onWatched: (watched: boolean) => void;

  /** @param onWatched - is told when the first listener comes and when the last one goes */
  constructor(onWatched: (watched: boolean) => void) {
    this.#onWatched = onWatched;
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
    // Wrapped, since one function may be subscribed twice, and each time ends by itself.
    const entry: SessionListener = (session, previous) => listener(session, previous);
    this.#listeners.add(entry);
    if (this.#listeners.size === 1) {
      this.#onWatched(true);
    }
    return () => {
      if (this.#listeners.delete(entry) && this.#listeners.size === 0) {
        this.#onWatched(false);
      }
    };
  }

  static readonly initial: Session = loading;
}
