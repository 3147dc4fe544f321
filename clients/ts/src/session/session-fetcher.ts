import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import type { SignInLock } from "./sign-in-lock.js";

/** The session as the server reports it. */
export interface FetchedSession {
  /** Not set when no user is signed in. */
  readonly user?: User | undefined;
  readonly expiresAt?: Date | undefined;
  /** Why the session has ended, if the server has said so. */
  readonly reason?: Reason | undefined;
}

/** Fetches the session from the server, with the current credentials. */
export type FetchSession = () => Promise<FetchedSession>;

/** Receives the results of a SessionFetcher. */
export interface FetchListener<Start> {
  /** Called when a request starts. */
  readonly onStart: () => Start;
  /** Reports whether a sign-in or sign-out in this tab has made a request obsolete. */
  readonly isStale: (start: Start) => boolean;
  /** Reports whether a result would end the current session. */
  readonly wouldSignOut: (fetched: FetchedSession) => boolean;
  readonly onSuccess: (start: Start, fetched: FetchedSession) => void;
  readonly onError: (start: Start, error: LatchkeyError) => void;
}

/** After so many attempts a result is accepted, even if more has happened in the meantime. */
const maxAttempts = 4;

/** Fetches the session, with one request at a time for all callers. */
export class SessionFetcher<Start> {
  readonly #load: FetchSession;
  readonly #lock: SignInLock;
  readonly #listener: FetchListener<Start>;
  #inFlight: Promise<void> | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(load: FetchSession, lock: SignInLock, listener: FetchListener<Start>) {
    this.#load = load;
    this.#lock = lock;
    this.#listener = listener;
  }

  /** Fetches the session, or joins the request in flight. Never rejects. */
  fetch(): Promise<void> {
    this.cancelScheduled();
    this.#inFlight ??= this.#run();
    return this.#inFlight;
  }

  /** Fetches with a request that starts from now on: one in flight may predate the change. Never rejects. */
  refetch(): Promise<void> {
    this.#again = this.#inFlight !== undefined;
    return this.fetch();
  }

  /** Refetches after a random delay, once for all callers in that time. */
  refetchSoon(maxDelay: number): void {
    if (this.#inFlight) {
      this.#again = true;
    } else {
      this.#timer ??= setTimeout(() => void this.fetch(), Math.random() * maxDelay);
    }
  }

  cancelScheduled(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #run(): Promise<void> {
    try {
      let attempt = 0;
      do {
        attempt++;
        await this.#lock.released();
        // The request starts now, so it serves all callers of refetch so far.
        this.#again = false;
        await this.#attempt(attempt === maxAttempts);
      } while (this.#again && attempt < maxAttempts);
    } finally {
      this.#inFlight = undefined;
    }
  }

  /** Sends one request. Discards the result if it is obsolete. */
  async #attempt(isLast: boolean): Promise<void> {
    const start = this.#listener.onStart();
    let fetched: FetchedSession;
    try {
      fetched = await this.#load();
    } catch (caught) {
      // An error is retried later, not at once.
      this.#again = false;
      this.#listener.onError(start, LatchkeyError.from(caught));
      return;
    }
    if (this.#listener.isStale(start)) {
      return;
    }
    if (!isLast) {
      // During a sign-in the new cookies may not have arrived, while the server has ended the session of the old ones.
      this.#again ||= this.#listener.wouldSignOut(fetched) && (await this.#lock.isHeld());
      if (this.#again || this.#listener.isStale(start)) {
        return;
      }
    }
    this.#listener.onSuccess(start, fetched);
  }
}
