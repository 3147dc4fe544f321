import { LatchkeyError } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { type LocalizedText, localizedError } from "../../i18n/localized-text";
import { missingFields } from "./missing-fields";

type TicketState =
  | { readonly status: "asking" }
  /** The server has named the fields that the provider has not told. */
  | { readonly status: "missing"; readonly error: LatchkeyError; readonly onDead: () => void }
  /** No good answer; asking again may help. */
  | { readonly status: "failed"; readonly text: LocalizedText }
  /** The ticket is of no use any more. */
  | { readonly status: "dead" };

/** Sends the ticket of a social sign-in alone: either nothing was missing and one is signed in, or the server says what is. */
export function useTicket(ticket: string): { readonly state: TicketState; readonly ask: () => void } {
  const { auth } = useLatchkey();
  const [state, setState] = useState<TicketState>(ticket === "" ? { status: "dead" } : { status: "asking" });
  const asked = useRef<string>(undefined);

  const ask = useCallback(async () => {
    setState({ status: "asking" });
    try {
      await auth.finishSocialSignUp({ ticket });
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      if (missingFields(error).length > 0) {
        setState({ status: "missing", error, onDead: () => setState({ status: "dead" }) });
      } else if (isDead(error) || error.reason === "PROOF_INVALID") {
        setState({ status: "dead" });
      } else {
        setState({ status: "failed", text: localizedError(error) });
      }
    }
  }, [auth, ticket]);

  useEffect(() => {
    // Once for each ticket: a second question would find it used.
    if (ticket !== "" && asked.current !== ticket) {
      asked.current = ticket;
      void ask();
    }
  }, [ask, ticket]);

  return { state, ask: () => void ask() };
}

/** Tells whether the refusal is about the ticket itself. */
export function isDead({ reason, violations }: LatchkeyError): boolean {
  return (
    reason === "NOT_FOUND" ||
    reason === "TOKEN_INVALID" ||
    reason === "TOKEN_EXPIRED" ||
    violations["ticket"] !== undefined
  );
}
