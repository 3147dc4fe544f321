import { create } from "@bufbuild/protobuf";
import { createConnectQueryKey, TransportProvider } from "@connectrpc/connect-query";
import { onlineManager, QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useContext, useEffect, useLayoutEffect, useState } from "react";
import { isPassing } from "../errors/passing.js";
import { AccountService, GetProfileResponseSchema } from "../gen/latchkey/v1/account_service_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import type { Latchkey } from "../latchkey.js";
import { en } from "../texts/en.js";
import type { Texts } from "../texts/texts.js";
import { LatchkeyBase, type LatchkeyBaseProps, useLatchkey } from "./provider.js";

/** What LatchkeyQueries takes. */
export interface LatchkeyQueriesProps {
  /** The application's own QueryClient; left out, it is that of a QueryClientProvider around, or one is made. */
  readonly queryClient?: QueryClient;
  /** The part of the application that queries. */
  readonly children?: ReactNode;
}

/** What a LatchkeyProvider takes. */
export interface LatchkeyProviderProps extends Omit<LatchkeyBaseProps, "texts">, LatchkeyQueriesProps {
  /** The words that `useErrorText` and `useFormRules` speak; English when left out. */
  readonly texts?: Texts;
}

/**
 * Wraps an application once. Below it work the hooks and guards of this package, and connect-query's `useQuery` and
 * `useMutation` over the same client. When another user signs in, or the user signs out, the queries are reset, and those on
 * the page are fetched again. `useSession` and `useQuery(getProfile)` always hold the same user.
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

  useBeforeChildren(() => {
    const { user } = client.session.getSnapshot();
    if (user) {
      setProfile(queries, client, user);
    }
    return client.session.subscribe((session, previous) => {
      if (previous.status !== "loading" && session.user?.id !== previous.user?.id) {
        resetQueries(queries);
      }
      if (session.user && session.user !== previous.user) {
        setProfile(queries, client, session.user);
      }
    });
  }, [client, queries]);

  return (
    <TransportProvider transport={client.transport}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </TransportProvider>
  );
}

/**
 * An effect that runs before those of the components below, so that their queries find what the session knows. On a server
 * neither runs, and React 18 would warn of the one for layouts.
 */
const useBeforeChildren = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** Gives every query of the profile the user of the session. The other way round, the session sees the answers to queries. */
function setProfile(queries: QueryClient, { transport }: Latchkey, user: User): void {
  const key = { schema: AccountService.method.getProfile, transport, cardinality: "finite" } as const;
  const profile = create(GetProfileResponseSchema, { user });
  // The plain query, which may be there only later, and those that were made with headers of their own.
  queries.setQueryData(createConnectQueryKey({ ...key, input: {} }), profile);
  queries.setQueriesData({ queryKey: createConnectQueryKey(key) }, profile);
}

function resetQueries(queries: QueryClient): void {
  queries.getMutationCache().clear();
  queries.removeQueries({ type: "inactive" });
  for (const query of queries.getQueryCache().getAll()) {
    query.reset();
  }
  // A moment later: guards are about to take away what the present user may not see, and with it its queries.
  setTimeout(() => void queries.refetchQueries({ type: "active" }));
}

const mostTries = 3;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays a refusal, however often the call is sent; and without a connection there is no answer.
        retry: (failures, error) => failures < mostTries && isPassing(error) && onlineManager.isOnline(),
        // A query that is paused while the browser is offline has neither data nor an error: a page would wait for ever.
        networkMode: "always",
        refetchOnReconnect: true,
      },
    },
  });
}
