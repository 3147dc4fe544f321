import type { Reason } from "@latchkey-auth/client";
import type { Texts } from "@latchkey-auth/client/texts";

/** Gives the sentence for a reason that came without an error, as at the end of a session. */
export function reasonText(reason: Reason, texts: Texts): string {
  const text = texts.reasons[reason];
  return typeof text === "string" ? text : text({ attemptsLeft: undefined, retryAfter: undefined });
}
