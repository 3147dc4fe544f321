import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";

/** It is not known yet whether anybody is signed in. */
export interface LoadingSession {
  readonly status: "loading";
  readonly user?: undefined;
  readonly role?: undefined;
  readonly expiresAt?: undefined;
  /** Why it is not known: the server could not be asked. It is asked again by itself. */
  readonly error?: LatchkeyError;
}

/** Nobody is signed in. */
export interface SignedOutSession {
  readonly status: "signedOut";
  readonly user?: undefined;
  readonly role?: undefined;
  readonly expiresAt?: undefined;
  /** Why a session that was there has ended, such as `SESSION_REVOKED`. Not set after a sign-out, or when there was none. */
  readonly reason?: Reason;
}

/** Somebody is signed in. */
export interface SignedInSession {
  readonly status: "signedIn";
  readonly user: User;
  /** The user's role. */
  readonly role: string;
  /**
   * When the session ends unless it is used before. It is never too late, and can be too early: the server renews by
   * itself. In cookie mode it is known a moment after the user, since nobody but the server sees the tokens.
   */
  readonly expiresAt?: Date | undefined;
}

/** Who is signed in. A value never changes; a change makes another one. */
export type Session = LoadingSession | SignedOutSession | SignedInSession;
