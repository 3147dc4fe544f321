import type { Contact } from "./use-verification";

/** Tells what somebody has typed into the one field for both: a number has no letters, and an address has an @. */
export function contactOf(identifier: string): Contact {
  const text = identifier.trim();
  return /[@\p{L}]/u.test(text) ? { email: text } : { phone: text };
}
