import { ContactRule, type Settings } from "@latchkey-auth/client";
import type { ContactKind } from "./contact-input";

/** A contact that a form asks for. */
export interface AskedContact {
  readonly kind: ContactKind;
  readonly optional: boolean;
  /** Whether it has to be proven by a code, may be, or is taken as it is written. */
  readonly proof: "needed" | "offered" | "none";
}

/** Gives the contacts that this server asks new people for, those first that have to be proven. */
export function askedContacts(settings: Settings): AskedContact[] {
  const kinds = ["email", "phone"] as const;
  return kinds
    .flatMap((kind) => askedBy(settings[kind], kind))
    .sort((one, other) => rank[one.proof] - rank[other.proof] || Number(one.optional) - Number(other.optional));
}

const rank = { needed: 0, none: 1, offered: 2 };

function askedBy(rule: ContactRule, kind: ContactKind): AskedContact[] {
  switch (rule) {
    case ContactRule.VERIFIED:
      return [{ kind, optional: false, proof: "needed" }];
    case ContactRule.REQUIRED:
      return [{ kind, optional: false, proof: "none" }];
    case ContactRule.OPTIONAL:
      return [{ kind, optional: true, proof: "offered" }];
    default:
      return [];
  }
}
