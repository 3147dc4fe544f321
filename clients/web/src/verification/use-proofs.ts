import type { LatchkeyError } from "@latchkey-auth/client";
import { useState } from "react";
import { flushSync } from "react-dom";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { setFieldError } from "../forms/field-error";
import type { PageIssue } from "../forms/rules-resolver";
import { localizedClientText, localizedError } from "../i18n/localized-text";
import type { AskedContact } from "./asked-contacts";
import type { ContactKind } from "./contact-input";
import { keepCode, keptCode } from "./kept-codes";
import { isProven } from "./sent-code";

/** The contacts of a form that were proven. */
export interface Proofs {
  /** What the request is sent with. */
  readonly ids: string[];
  /** What stands in the fields of contacts that a code is on its way to, also after the page was loaded again. */
  readonly contacts: { readonly [K in ContactKind]?: string };
  readonly has: (kind: ContactKind) => boolean;
  /** The name under which the code of a contact is kept. */
  readonly keepAs: (kind: ContactKind) => string;
  /** Changes when the contact has to be proven anew. */
  readonly round: (kind: ContactKind) => number;
  readonly set: (kind: ContactKind, verificationId: string | undefined) => void;
  /** Names the contacts that still have to be proven. */
  readonly missing: (asked: readonly AskedContact[]) => PageIssue[];
  /** Forgets proofs and their codes, so that the contacts can be proven anew. */
  readonly forget: (which: readonly ContactKind[]) => void;
}

type Ids = { readonly [K in ContactKind]?: string | undefined };

const kinds = ["email", "phone"] as const;

/** Holds the proofs of a form for visitors without a session. They are kept under its name, see keptCode. */
export function useProofs(form: string): Proofs {
  const keepAs = (kind: ContactKind) => `${form} ${kind}`;
  const [kept] = useState(() => kinds.map((kind) => [kind, keptCode(keepAs(kind), undefined)] as const));
  const [ids, setIds] = useState<Ids>(() =>
    Object.fromEntries(kept.map(([kind, code]) => [kind, isProven(code) ? code.verificationId : undefined])),
  );
  const [rounds, setRounds] = useState({ email: 0, phone: 0 });

  return {
    ids: kinds.map((kind) => ids[kind]).filter((id) => id !== undefined),
    contacts: Object.fromEntries(kept.flatMap(([kind, code]) => (code ? [[kind, code.contact[kind]]] : []))),
    has: (kind) => ids[kind] !== undefined,
    keepAs,
    round: (kind) => rounds[kind],
    set: (kind, verificationId) => setIds((known) => ({ ...known, [kind]: verificationId })),
    missing: (asked) =>
      asked
        .filter(({ kind, proof }) => proof === "needed" && !ids[kind])
        .map(({ kind }) => ({
          field: kind,
          text: localizedClientText(({ reasons }) => reasons.VERIFICATION_REQUIRED as string),
        })),
    forget(which) {
      for (const kind of which) {
        keepCode(keepAs(kind), undefined, undefined);
        setIds((known) => ({ ...known, [kind]: undefined }));
        setRounds((counts) => ({ ...counts, [kind]: counts[kind] + 1 }));
      }
    },
  };
}

/** Brings the contacts back to be proven again, when that is what the server wants, and tells so below them. */
export function proveAgain<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  proofs: Proofs,
  asked: readonly AskedContact[],
  error: LatchkeyError,
): boolean {
  if (error.reason !== "PROOF_INVALID" && error.reason !== "VERIFICATION_REQUIRED") {
    return false;
  }
  // Which of two proofs is too old, the server does not say; which one is missing, it does.
  const named = asked.filter(({ kind }) => error.violations[kind]);
  const again = named.length > 0 ? named : asked.filter(({ kind }) => proofs.has(kind));
  if (again.length === 0) {
    return false;
  }
  // Drawn at once, so that the focus goes to a field that stays.
  flushSync(() => proofs.forget(again.map(({ kind }) => kind)));
  for (const [i, { kind }] of again.entries()) {
    setFieldError(form, kind as string as FieldPath<Values>, "server", localizedError(error), { shouldFocus: i === 0 });
  }
  return true;
}
