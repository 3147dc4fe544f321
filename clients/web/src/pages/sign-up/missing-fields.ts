import type { LatchkeyError, Settings } from "@latchkey-auth/client";
import { type AskedContact, askedContacts } from "../../verification/asked-contacts";

const askable = ["email", "phone", "name", "nickname", "role"] as const;

/** A field that may be missing after a social sign-in. */
export type MissingField = (typeof askable)[number];

const ofReason: Partial<Record<LatchkeyError["reason"], MissingField>> = {
  EMAIL_TAKEN: "email",
  PHONE_TAKEN: "phone",
  NICKNAME_TAKEN: "nickname",
};

/** Gives the fields that a refusal asks for. */
export function missingFields(error: LatchkeyError): MissingField[] {
  return askable.filter((field) => error.violations[field] !== undefined || ofReason[error.reason] === field);
}

/** Gives the contacts among the missing fields. One that the server asks for is not optional, whatever the settings say. */
export function missingContacts(fields: readonly MissingField[], settings: Settings): AskedContact[] {
  return askedContacts(settings)
    .filter(({ kind }) => fields.includes(kind))
    .map((contact) => ({ ...contact, optional: false }));
}
