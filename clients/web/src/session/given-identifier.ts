import { useLocation } from "react-router";

/** What one page hands to the next, so that nobody types an address or a number twice. It stands in no address. */
export interface GivenIdentifier {
  readonly identifier: string;
}

/** Gives the address or number that was typed on the page before; empty when none was. */
export function useGivenIdentifier(): string {
  const state: unknown = useLocation().state;
  if (typeof state === "object" && state !== null && "identifier" in state && typeof state.identifier === "string") {
    return state.identifier;
  }
  return "";
}
