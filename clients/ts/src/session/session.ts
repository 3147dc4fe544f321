import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";

/** It is not known yet whether a user is signed in. */
export interface LoadingSession {
  /** Tells the three states apart. */
  readonly status: "loading";
  /** Not set. */
  readonly user?: undefined;
  /** Not set. */
  readonly role?: undefined;
  /** Not set. */
  readonly expiresAt?: undefined;
  /** Why it is not known: the server could not be asked. It is asked again by itself. */
  readonly error?: LatchkeyError;
}

/** No user is signed in. */
export interface SignedOutSession {
  /** Tells the three states apart. */
  readonly status: "signedOut";
  /** Not set. */
  readonly user?: undefined;
  /** Not set. */
  readonly role?: undefined;
  /** Not set. */
  readonly expiresAt?: undefined;
  /** Why a session has ended that no user signed out of, such as `SESSION_REVOKED`. Not set after a sign-out, or when there was none. */
  readonly reason?: Reason;
  /** Why the last question to the server has failed. It is asked again by itself. */
  readonly error?: LatchkeyError;
}

/** A user is signed in. */
export interface SignedInSession {
  /** Tells the three states apart. */
  readonly status: "signedIn";
  /** The newest data of the account that any call has brought. */
  readonly user: User;
  /** The user's role. */
  readonly role: string;
  /**
   * When the session ends unless it is used before. It is never too late, and can be too early: the server renews by
   * itself. Not set in the moments before the server was asked for it.
   */
  readonly expiresAt?: Date | undefined;
  /** Why the last question to the server has failed: the session may have ended since. It is asked again by itself. */
  readonly error?: LatchkeyError;
}

/** Who is signed in. A value never changes; a change makes another one. */
export type Session = LoadingSession | SignedOutSession | SignedInSession;
