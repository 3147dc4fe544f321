import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Latchkey } from "../latchkey.js";
import type { Texts } from "../texts/texts.js";
import { SettingsStore } from "./settings-store.js";

interface LatchkeyContextValue {
  readonly client: Latchkey;
  readonly texts: Texts;
  readonly settings: SettingsStore;
}

const LatchkeyContext = createContext<LatchkeyContextValue | undefined>(undefined);

/** The props of LatchkeyCoreProvider. */
export interface LatchkeyCoreProviderProps {
  /** The client from `createLatchkey`. */
  readonly client: Latchkey;
  /** The texts for `useErrorText` and `useFormRules`. */
  readonly texts: Texts;
  /** The application, or the part of it that uses the hooks and guards. */
  readonly children?: ReactNode;
}

/**
 * Provides the hooks and guards of this package without TanStack Query, for example for the sign-in page. Wrap the part of the
 * application that needs queries in `LatchkeyQueryProvider`.
 */
export function LatchkeyCoreProvider({ client, texts, children }: LatchkeyCoreProviderProps): ReactNode {
  const settings = useMemo(() => new SettingsStore(() => client.auth.getSettings()), [client]);
  const shared = useMemo(() => ({ client, texts, settings }), [client, texts, settings]);
  return <LatchkeyContext.Provider value={shared}>{children}</LatchkeyContext.Provider>;
}

/** Returns the client of the surrounding provider. */
export function useLatchkey(): Latchkey {
  return useLatchkeyContext().client;
}

/** Returns the texts of the surrounding provider. */
export function useTexts(): Texts {
  return useLatchkeyContext().texts;
}

/** Returns the value of the surrounding provider. */
export function useLatchkeyContext(): LatchkeyContextValue {
  const shared = useContext(LatchkeyContext);
  if (!shared) {
    throw new Error("Wrap the application in <LatchkeyProvider client={…}>.");
  }
  return shared;
}
