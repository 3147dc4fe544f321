import type { Reason } from "./reason.js";

const reasons: ReadonlySet<Reason> = new Set<Reason>([
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "SESSION_REVOKED",
  "REFRESH_REUSED",
  "ACCOUNT_DISABLED",
]);

/** Reports whether a reason rejects the credentials of a call, rather than the call itself. */
export function refusesCredentials(reason: Reason): boolean {
  return reasons.has(reason);
}
