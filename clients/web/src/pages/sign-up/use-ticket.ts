import { LatchkeyError } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { type LocalizedText, localizedError } from "../../i18n/localized-text";
import { missingFields } from "./missing-fields";

type TicketState =
  | { readonly status: "pending" }
  /** The server has named the fields that the provider did not supply. */
  | { readonly status: "missing"; readonly error: LatchkeyError; readonly onExpired: () => void }
  /** The call has failed. It can be retried. */
  | { readonly status: "failed"; readonly text: LocalizedText }
  /** The ticket has expired or was used. */
  | { readonly status: "expired" };

/** Sends the ticket of a social sign-in without further fields. Either that signs the user in, or the server names the missing fields. */
export function useTicket(ticket: string): { readonly state: TicketState; readonly retry: () => void } {
  const { auth } = useLatchkey();
  const [state, setState] = useState<TicketState>(ticket === "" ? { status: "expired" } : { status: "pending" });
  const asked = useRef<string>(undefined);

  const submit = useCallback(async () => {
    setState({ status: "pending" });
    try {
      await auth.finishSocialSignUp({ ticket });
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      if (missingFields(error).length > 0) {
        setState({ status: "missing", error, onExpired: () => setState({ status: "expired" }) });
      } else if (isTicketError(error) || error.reason === "PROOF_INVALID") {
        setState({ status: "expired" });
      } else {
        setState({ status: "failed", text: localizedError(error) });
      }
    }
  }, [auth, ticket]);

  useEffect(() => {
    // Once for each ticket, because a ticket can be used only once.
    if (ticket !== "" && asked.current !== ticket) {
      asked.current = ticket;
      void submit();
    }
  }, [submit, ticket]);

  return { state, retry: () => void submit() };
}

/** Reports whether an error is about the ticket itself. */
export function isTicketError({ reason, violations }: LatchkeyError): boolean {
  return (
    reason === "NOT_FOUND" ||
    reason === "TOKEN_INVALID" ||
    reason === "TOKEN_EXPIRED" ||
    violations["ticket"] !== undefined
  );
}
