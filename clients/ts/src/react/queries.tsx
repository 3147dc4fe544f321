import { TransportProvider } from "@connectrpc/connect-query";
import { onlineManager, QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useContext, useEffect, useState } from "react";
import { isPassing } from "../errors/passing.js";
import { en } from "../texts/en.js";
import type { Texts } from "../texts/texts.js";
import { LatchkeyBase, type LatchkeyBaseProps, useLatchkey } from "./provider.js";

/** What LatchkeyQueries takes. */
export interface LatchkeyQueriesProps {
  /** The application's own QueryClient; left out, it is that of a QueryClientProvider around, or one is made. */
  readonly queryClient?: QueryClient;
  readonly children?: ReactNode;
}

/** What a LatchkeyProvider takes. */
export interface LatchkeyProviderProps extends Omit<LatchkeyBaseProps, "texts">, LatchkeyQueriesProps {
  /** The words that `useErrorText` and `useFormRules` speak; English when left out. */
  readonly texts?: Texts;
}

/**
 * Wraps an application once. Below it work the hooks and guards of this package, and connect-query's `useQuery` and
 * `useMutation` over the same client. When somebody signs in or out, what was queried is forgotten, and what is on the page is
 * asked for again.
 */
export function LatchkeyProvider({ client, texts = en, queryClient, children }: LatchkeyProviderProps): ReactNode {
  return (
    <LatchkeyBase client={client} texts={texts}>
      <LatchkeyQueries {...(queryClient && { queryClient })}>{children}</LatchkeyQueries>
    </LatchkeyBase>
  );
}

/** The half of a LatchkeyProvider that queries, for pages that load TanStack Query later than the rest. Stands below a LatchkeyBase. */
export function LatchkeyQueries({ queryClient, children }: LatchkeyQueriesProps): ReactNode {
  const client = useLatchkey();
  const [own] = useState(makeQueryClient);
  const around = useContext(QueryClientContext);
  const queries = queryClient ?? around ?? own;

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
    <TransportProvider transport={client.transport}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </TransportProvider>
  );
}

function forget(queries: QueryClient): void {
  queries.getMutationCache().clear();
  queries.removeQueries({ type: "inactive" });
  for (const query of queries.getQueryCache().getAll()) {
    query.reset();
  }
  // What is on the page is asked for again, as whoever is there now. A moment later: guards are about to take away what needs
  // somebody who is not there any more.
  setTimeout(() => void queries.refetchQueries({ type: "active" }));
}

const mostTries = 3;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays a refusal, however often one asks; and without a connection there is nobody to ask.
        retry: (failures, error) => failures < mostTries && isPassing(error) && onlineManager.isOnline(),
        // A query that is paused while the browser is offline has neither data nor an error: a page would wait for ever.
        networkMode: "always",
        refetchOnReconnect: true,
      },
    },
  });
}
