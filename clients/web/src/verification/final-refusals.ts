import { LatchkeyError, type Reason } from "@latchkey-auth/client";

const final: ReadonlySet<Reason> = new Set<Reason>([
  "PROOF_INVALID",
  "ACCOUNT_DISABLED",
  "CREDENTIALS_INVALID",
  "EMAIL_TAKEN",
  "PHONE_TAKEN",
]);

/** Reports whether a proof is of no more use after what was caught. After anything else it can be used again. */
export function endsProof(caught: unknown): boolean {
  return final.has(LatchkeyError.from(caught).reason);
}
