import type { Session } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useStore } from "zustand";

/** Selects from the session, as with a zustand store. The component renders again only when the selected value changes. */
export function useSessionStore<T>(select: (session: Session) => T): T {
  return useStore(useLatchkey().session, select);
}
