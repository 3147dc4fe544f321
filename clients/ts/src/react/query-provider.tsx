import { create } from "@bufbuild/protobuf";
import { createConnectQueryKey, TransportProvider } from "@connectrpc/connect-query";
import { onlineManager, QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useContext, useEffect, useLayoutEffect, useState } from "react";
import { isTransient } from "../errors/transient.js";
import { AccountService, GetProfileResponseSchema } from "../gen/latchkey/v1/account_service_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import type { Latchkey } from "../latchkey.js";
import { en } from "../texts/en.js";
import type { Texts } from "../texts/texts.js";
import { LatchkeyCoreProvider, type LatchkeyCoreProviderProps, useLatchkey } from "./core-provider.js";

/** The props of LatchkeyQueryProvider. */
export interface LatchkeyQueryProviderProps {
  /** The application's QueryClient. Defaults to that of a surrounding QueryClientProvider, or to a new one. */
  readonly queryClient?: QueryClient;
  /** The part of the application that uses queries. */
  readonly children?: ReactNode;
}

/** The props of LatchkeyProvider. */
export interface LatchkeyProviderProps extends Omit<LatchkeyCoreProviderProps, "texts">, LatchkeyQueryProviderProps {
  /** The texts for `useErrorText` and `useFormRules`. Defaults to English. */
  readonly texts?: Texts;
}

/**
 * Provides the hooks and guards of this package, and connect-query's `useQuery` and `useMutation` over the same client. When the
 * user changes or signs out, all queries are reset and the mounted ones are refetched. `useSession` and `useQuery(getProfile)`
 * always return the same user.
 */
export function LatchkeyProvider({ client, texts = en, queryClient, children }: LatchkeyProviderProps): ReactNode {
  return (
    <LatchkeyCoreProvider client={client} texts={texts}>
      <LatchkeyQueryProvider {...(queryClient && { queryClient })}>{children}</LatchkeyQueryProvider>
    </LatchkeyCoreProvider>
  );
}

/** The part of LatchkeyProvider for queries, for pages that load TanStack Query later. Use it inside a LatchkeyCoreProvider. */
export function LatchkeyQueryProvider({ queryClient, children }: LatchkeyQueryProviderProps): ReactNode {
  const client = useLatchkey();
  const [ownClient] = useState(makeQueryClient);
  const surrounding = useContext(QueryClientContext);
  const queries = queryClient ?? surrounding ?? ownClient;

  useEffectBeforeChildren(() => {
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
 * An effect that runs before the effects of descendants, so that their queries find the user of the session. On a server it is
 * useEffect, because React 18 warns about useLayoutEffect there. Neither runs.
 */
const useEffectBeforeChildren = typeof document === "undefined" ? useEffect : useLayoutEffect;

/** Writes the user of the session into all queries of the profile. The session in turn tracks the responses to queries. */
function setProfile(queries: QueryClient, { transport }: Latchkey, user: User): void {
  const key = { schema: AccountService.method.getProfile, transport, cardinality: "finite" } as const;
  const profile = create(GetProfileResponseSchema, { user });
  // The plain query, which may not be mounted yet, and those with other options.
  queries.setQueryData(createConnectQueryKey({ ...key, input: {} }), profile);
  queries.setQueriesData({ queryKey: createConnectQueryKey(key) }, profile);
}

function resetQueries(queries: QueryClient): void {
  queries.getMutationCache().clear();
  queries.removeQueries({ type: "inactive" });
  for (const query of queries.getQueryCache().getAll()) {
    query.reset();
  }
  // After the render, in which guards unmount what the current user may not see, and with it its queries.
  setTimeout(() => void queries.refetchQueries({ type: "active" }));
}

const maxAttempts = 3;

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Other errors would be the same again, and without a connection no retry can succeed.
        retry: (failures, error) => failures < maxAttempts && isTransient(error) && onlineManager.isOnline(),
        // In the default mode a query is paused while offline: without data and error the page would load forever.
        networkMode: "always",
        refetchOnReconnect: true,
      },
    },
  });
}
