import { useLocation } from "react-router";

/** Location state that hands a typed e-mail address or phone number to the next page. It is not part of the URL. */
export interface IdentifierState {
  readonly identifier: string;
}

/** Returns the e-mail address or phone number that was typed on the previous page; empty when there was none. */
export function useIdentifierFromState(): string {
  const state: unknown = useLocation().state;
  if (typeof state === "object" && state !== null && "identifier" in state && typeof state.identifier === "string") {
    return state.identifier;
  }
  return "";
}
