import { ContactRule, type Settings } from "@latchkey-auth/client";
import type { ContactKind } from "./contact-input";

/** A contact that a form asks for. */
export interface ContactRequirement {
  readonly kind: ContactKind;
  readonly optional: boolean;
  /** Whether the contact must be proven by a code, can be proven, or needs no proof. */
  readonly proof: "needed" | "offered" | "none";
}

/** Returns the contacts that the server asks new users for. Those that must be proven come first. */
export function contactRequirements(settings: Settings): ContactRequirement[] {
  const kinds = ["email", "phone"] as const;
  return kinds
    .flatMap((kind) => requirementOf(settings[kind], kind))
    .sort((one, other) => rank[one.proof] - rank[other.proof] || Number(one.optional) - Number(other.optional));
}

const rank = { needed: 0, none: 1, offered: 2 };

function requirementOf(rule: ContactRule, kind: ContactKind): ContactRequirement[] {
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
