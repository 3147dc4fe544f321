import type { LatchkeyError } from "@latchkey-auth/client";
import { useState } from "react";
import { flushSync } from "react-dom";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { setFieldError } from "../forms/field-error";
import type { PageIssue } from "../forms/rules-resolver";
import { localizedClientText, localizedError } from "../i18n/localized-text";
import type { ContactKind } from "./contact-input";
import type { ContactRequirement } from "./contact-requirements";
import { isProven } from "./sent-code";
import { loadCode, storeCode } from "./stored-codes";

/** The proofs of the contacts in a form. */
export interface Proofs {
  /** The verification ids for the request. */
  readonly ids: string[];
  /** The contacts that a code was sent to. They survive a reload of the page. */
  readonly contacts: { readonly [K in ContactKind]?: string };
  readonly has: (kind: ContactKind) => boolean;
  /** Returns the key under which the code of a contact is stored. */
  readonly storageKey: (kind: ContactKind) => string;
  /** Returns how often the proof was reset, for use as a React key. */
  readonly resetCount: (kind: ContactKind) => number;
  readonly set: (kind: ContactKind, verificationId: string | undefined) => void;
  /** Returns an issue for each contact that must still be proven. */
  readonly missing: (asked: readonly ContactRequirement[]) => PageIssue[];
  /** Discards proofs and their codes, so that the contacts can be proven again. */
  readonly reset: (which: readonly ContactKind[]) => void;
}

type Ids = { readonly [K in ContactKind]?: string | undefined };

const kinds = ["email", "phone"] as const;

/** Holds the proofs of a form for users without a session. They are stored under the name of the form, see loadCode. */
export function useProofs(form: string): Proofs {
  const storageKey = (kind: ContactKind) => `${form} ${kind}`;
  const [stored] = useState(() => kinds.map((kind) => [kind, loadCode(storageKey(kind), undefined)] as const));
  const [ids, setIds] = useState<Ids>(() =>
    Object.fromEntries(stored.map(([kind, code]) => [kind, isProven(code) ? code.verificationId : undefined])),
  );
  const [resetCounts, setResetCounts] = useState({ email: 0, phone: 0 });

  return {
    ids: kinds.map((kind) => ids[kind]).filter((id) => id !== undefined),
    contacts: Object.fromEntries(stored.flatMap(([kind, code]) => (code ? [[kind, code.contact[kind]]] : []))),
    has: (kind) => ids[kind] !== undefined,
    storageKey,
    resetCount: (kind) => resetCounts[kind],
    set: (kind, verificationId) => setIds((previous) => ({ ...previous, [kind]: verificationId })),
    missing: (asked) =>
      asked
        .filter(({ kind, proof }) => proof === "needed" && !ids[kind])
        .map(({ kind }) => ({
          field: kind,
          text: localizedClientText(({ reasons }) => reasons.VERIFICATION_REQUIRED as string),
        })),
    reset(which) {
      for (const kind of which) {
        storeCode(storageKey(kind), undefined, undefined);
        setIds((previous) => ({ ...previous, [kind]: undefined }));
        setResetCounts((counts) => ({ ...counts, [kind]: counts[kind] + 1 }));
      }
    },
  };
}

/** Resets the proofs that the server did not accept, and shows its error below their contacts. Reports whether the error was about proofs. */
export function requestNewProofs<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  proofs: Proofs,
  asked: readonly ContactRequirement[],
  error: LatchkeyError,
): boolean {
  if (error.reason !== "PROOF_INVALID" && error.reason !== "VERIFICATION_REQUIRED") {
    return false;
  }
  // The server names the contact whose proof is missing, but not the one whose proof has expired.
  const named = asked.filter(({ kind }) => error.violations[kind]);
  const again = named.length > 0 ? named : asked.filter(({ kind }) => proofs.has(kind));
  if (again.length === 0) {
    return false;
  }
  // Rendered synchronously, because the fields are replaced and the new one gets the focus.
  flushSync(() => proofs.reset(again.map(({ kind }) => kind)));
  for (const [i, { kind }] of again.entries()) {
    setFieldError(form, kind as string as FieldPath<Values>, "server", localizedError(error), { shouldFocus: i === 0 });
  }
  return true;
}
