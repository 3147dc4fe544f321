import type { Reason } from "../errors/reason.js";
import type { Session } from "./session.js";
import type { EndCause } from "./tabs.js";

/** Returns why a session has ended, for its user; undefined when the user has signed out, or there was none. */
export function endReason(session: Session, cause: EndCause | undefined): Reason | undefined {
  if (cause === "signedOut") {
    return undefined;
  }
  if (session.status !== "signedIn") {
    return cause === "TOKEN_MISSING" ? undefined : cause;
  }
  // A browser drops the cookies when the session's time is up, so that the refusal says that they are missing.
  const expired = session.expiresAt !== undefined && session.expiresAt.getTime() <= Date.now();
  return expired && (cause === undefined || cause === "TOKEN_MISSING") ? "TOKEN_EXPIRED" : (cause ?? "SESSION_REVOKED");
}

/** Several causes of one end, and the first of these that is among them is what the user is told. */
const weights: readonly EndCause[] = ["signedOut", "REFRESH_REUSED", "ACCOUNT_DISABLED"];

/**
 * Returns which of two causes explains the end of a session better. A sign-out explains every refusal that follows it; and of
 * the calls that are refused at once, only one is told that a token was used twice.
 */
export function weightierCause(known: EndCause | undefined, next: EndCause | undefined): EndCause | undefined {
  for (const cause of weights) {
    if (known === cause || next === cause) {
      return cause;
    }
  }
  return known ?? next;
}
