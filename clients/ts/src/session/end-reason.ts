import type { Reason } from "../errors/reason.js";
import type { Session } from "./session.js";
import type { EndCause } from "./tab-channel.js";

/** Returns the reason for the end of a session to show to the user; undefined after a sign-out, or without a session. */
export function endReason(session: Session, cause: EndCause | undefined): Reason | undefined {
  if (cause === "signedOut") {
    return undefined;
  }
  if (session.status !== "signedIn") {
    return cause === "TOKEN_MISSING" ? undefined : cause;
  }
  // Browsers delete expired cookies, so the server reports missing credentials for an expired session.
  const expired = session.expiresAt !== undefined && session.expiresAt.getTime() <= Date.now();
  return expired && (cause === undefined || cause === "TOKEN_MISSING") ? "TOKEN_EXPIRED" : (cause ?? "SESSION_REVOKED");
}

/** The causes that take precedence over others, in this order. */
const precedence: readonly EndCause[] = ["signedOut", "REFRESH_REUSED", "ACCOUNT_DISABLED"];

/**
 * Returns the more informative of two causes for the end of a session. A sign-out explains all errors that follow it. Of several
 * concurrent calls, only one receives the error that a token was reused.
 */
export function preferredCause(known: EndCause | undefined, next: EndCause | undefined): EndCause | undefined {
  for (const cause of precedence) {
    if (known === cause || next === cause) {
      return cause;
    }
  }
  return known ?? next;
}
