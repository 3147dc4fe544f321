import type { LatchkeyError, Settings } from "@latchkey-auth/client";
import { type ContactRequirement, contactRequirements } from "../../verification/contact-requirements";

const candidates = ["email", "phone", "name", "nickname", "role"] as const;

/** A field that may be missing after a social sign-in. */
export type MissingField = (typeof candidates)[number];

const fieldByReason: Partial<Record<LatchkeyError["reason"], MissingField>> = {
  EMAIL_TAKEN: "email",
  PHONE_TAKEN: "phone",
  NICKNAME_TAKEN: "nickname",
};

/** Returns the fields that an error asks for. */
export function missingFields(error: LatchkeyError): MissingField[] {
  return candidates.filter((field) => error.violations[field] !== undefined || fieldByReason[error.reason] === field);
}

/** Returns the contacts among the missing fields. They are required here, even where the settings make them optional. */
export function missingContacts(fields: readonly MissingField[], settings: Settings): ContactRequirement[] {
  return contactRequirements(settings)
    .filter(({ kind }) => fields.includes(kind))
    .map((contact) => ({ ...contact, optional: false }));
}
