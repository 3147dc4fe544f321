import { TransportProvider } from "@connectrpc/connect-query";
import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Latchkey } from "../latchkey.js";
import { en } from "../texts/en.js";
import type { Texts } from "../texts/texts.js";

interface Shared {
  readonly client: Latchkey;
  readonly texts: Texts;
}

const LatchkeyContext = createContext<Shared | undefined>(undefined);

/** What a LatchkeyProvider takes. */
export interface LatchkeyProviderProps {
  /** From `createLatchkey`. */
  readonly client: Latchkey;
  /** The application's own QueryClient; left out, it is that of a QueryClientProvider around, or one is made. */
  readonly queryClient?: QueryClient;
  /** The words that `useErrorText` and `useFormRules` speak; English when left out. */
  readonly texts?: Texts;
  readonly children?: ReactNode;
}

/**
 * Wraps an application once. Below it work the hooks and guards of this package, and connect-query's `useQuery` and
 * `useMutation` over the same client. When somebody signs in or out, what was queried is forgotten, and what is on the page is
 * asked for again.
 */
export function LatchkeyProvider({ client, queryClient, texts = en, children }: LatchkeyProviderProps): ReactNode {
  const [own] = useState(makeQueryClient);
  const around = useContext(QueryClientContext);
  const queries = queryClient ?? around ?? own;
  const shared = useMemo(() => ({ client, texts }), [client, texts]);

  useEffect(
    () =>
      client.session.subscribe((session, previous) => {
        if (previous.status !== "loading" && session.user?.id !== previous.user?.id) {
          forget(queries);
        }
      }),
    [client, queries],
  );

  return (
    <LatchkeyContext.Provider value={shared}>
      <TransportProvider transport={client.transport}>
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </TransportProvider>
    </LatchkeyContext.Provider>
  );
}

/** Gives the client of the LatchkeyProvider around. */
export function useLatchkey(): Latchkey {
  return useShared().client;
}

/** Gives the texts of the LatchkeyProvider around. */
export function useTexts(): Texts {
  return useShared().texts;
}

function useShared(): Shared {
  const shared = useContext(LatchkeyContext);
  if (!shared) {
    throw new Error("Wrap the application in <LatchkeyProvider client={…}> first.");
  }
  return shared;
}

function forget(queries: QueryClient): void {
  queries.getMutationCache().clear();
  queries.removeQueries({ type: "inactive" });
  // What is on the page is asked for again, as whoever is there now.
  void queries.resetQueries();
}

const mostTries = 3;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays a refusal, however often one asks.
        retry: (failures, error) => failures < mostTries && passing.has(LatchkeyError.from(error).reason),
      },
    },
  });
}

const passing: ReadonlySet<string> = new Set(["NETWORK_FAILED", "DEPENDENCY_DOWN", "TIMED_OUT", "BUSY"]);
