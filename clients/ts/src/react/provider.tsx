import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Latchkey } from "../latchkey.js";
import type { Texts } from "../texts/texts.js";
import { SettingsStore } from "./settings-store.js";

interface Shared {
  readonly client: Latchkey;
  readonly texts: Texts;
  readonly settings: SettingsStore;
}

const LatchkeyContext = createContext<Shared | undefined>(undefined);

/** What a LatchkeyBase takes. */
export interface LatchkeyBaseProps {
  /** From `createLatchkey`. */
  readonly client: Latchkey;
  /** The words that `useErrorText` and `useFormRules` speak. */
  readonly texts: Texts;
  /** The application, or the part of it that uses the hooks and guards. */
  readonly children?: ReactNode;
}

/**
 * Wraps an application, or the part of it that needs no queries, such as its page for signing in: below it work the hooks and
 * guards of this package, and TanStack Query is not loaded. Put `LatchkeyQueries` around what queries.
 */
export function LatchkeyBase({ client, texts, children }: LatchkeyBaseProps): ReactNode {
  const settings = useMemo(() => new SettingsStore(() => client.auth.getSettings()), [client]);
  const shared = useMemo(() => ({ client, texts, settings }), [client, texts, settings]);
  return <LatchkeyContext.Provider value={shared}>{children}</LatchkeyContext.Provider>;
}

/** Gives the client of the LatchkeyProvider around. */
export function useLatchkey(): Latchkey {
  return useShared().client;
}

/** Gives the texts of the LatchkeyProvider around. */
export function useTexts(): Texts {
  return useShared().texts;
}

/** Gives what is shared below a provider. */
export function useShared(): Shared {
  const shared = useContext(LatchkeyContext);
  if (!shared) {
    throw new Error("Wrap the application in <LatchkeyProvider client={…}> first.");
  }
  return shared;
}
