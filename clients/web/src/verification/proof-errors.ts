import { LatchkeyError, type Reason } from "@latchkey-auth/client";

const final: ReadonlySet<Reason> = new Set<Reason>([
  "PROOF_INVALID",
  "ACCOUNT_DISABLED",
  "CREDENTIALS_INVALID",
  "EMAIL_TAKEN",
  "PHONE_TAKEN",
]);

/** Reports whether an error means that the proof cannot be used again. After any other error it can. */
export function invalidatesProof(caught: unknown): boolean {
  return final.has(LatchkeyError.from(caught).reason);
}
