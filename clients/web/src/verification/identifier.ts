import { trim } from "../forms/trim";
import type { Contact } from "./sent-code";

/** Tells what somebody has typed into the one field for both: a number has no letters, and an address has an @. */
export function contactOf(identifier: string): Contact {
  const text = trim(identifier);
  return /[@\p{L}]/u.test(text) ? { email: text } : { phone: text };
}
