import type { Session } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { useStore } from "zustand";

/** Who is signed in, by a zustand selector: a component draws again only when what it has selected changes. */
export function useSessionStore<T>(select: (session: Session) => T): T {
  return useStore(useLatchkey().session, select);
}
