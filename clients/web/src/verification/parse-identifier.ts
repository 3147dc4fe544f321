import { trim } from "../forms/trim";
import type { Contact } from "./sent-code";

/** Parses the value of a field for both kinds of contact: a phone number has no letter and no @. */
export function parseIdentifier(identifier: string): Contact {
  const text = trim(identifier);
  return /[@\p{L}]/u.test(text) ? { email: text } : { phone: text };
}
