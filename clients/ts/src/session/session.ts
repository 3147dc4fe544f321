import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";

/** The session before it is fetched. */
export interface LoadingSession {
  /** Discriminates the three states. */
  readonly status: "loading";
  /** Not set. */
  readonly user?: undefined;
  /** Not set. */
  readonly role?: undefined;
  /** Not set. */
  readonly expiresAt?: undefined;
  /** The error of the last fetch, if it has failed. It is retried automatically. */
  readonly error?: LatchkeyError;
}

/** No user is signed in. */
export interface SignedOutSession {
  /** Discriminates the three states. */
  readonly status: "signedOut";
  /** Not set. */
  readonly user?: undefined;
  /** Not set. */
  readonly role?: undefined;
  /** Not set. */
  readonly expiresAt?: undefined;
  /** Why the session has ended, such as `SESSION_REVOKED`. Not set after a sign-out, or without a session before. */
  readonly reason?: Reason;
  /** The error of the last fetch, if it has failed. It is retried automatically. */
  readonly error?: LatchkeyError;
}

/** A user is signed in. */
export interface SignedInSession {
  /** Discriminates the three states. */
  readonly status: "signedIn";
  /** The newest known data of the user. */
  readonly user: User;
  /** The user's role. */
  readonly role: string;
  /**
   * When the session expires unless it is used before. It may be too early, because the server renews sessions, but is never too
   * late. Not set until it is fetched.
   */
  readonly expiresAt?: Date | undefined;
  /** The error of the last fetch, if it has failed: the session may have ended since. It is retried automatically. */
  readonly error?: LatchkeyError;
}

/** The session. It is immutable: each change creates a new object. */
export type Session = LoadingSession | SignedOutSession | SignedInSession;
