import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { createExplainFailure } from "./failed-fetch.js";
import { networkFetch } from "./network-fetch.js";

/** The options of the HTTP transport. */
export interface ConnectOptions {
  readonly baseUrl: string;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly interceptors?: Interceptor[] | undefined;
  readonly timeoutMs: number;
  /** Whether cookies are sent and stored. In bearer mode they are not, because they could belong to another user than the token. */
  readonly cookies: boolean;
}

/** Creates the transport that calls the server over HTTP. */
export function connectTransport({ baseUrl, fetch, interceptors, timeoutMs, cookies }: ConnectOptions): Transport {
  // Looked up for each call, because tests and tracing replace the global fetch later.
  const send: typeof globalThis.fetch = (input, init) => (fetch ?? globalThis.fetch)(input, init);
  let answered = false;
  const explain = createExplainFailure(send, () => answered);
  const withCredentials: typeof globalThis.fetch = async (input, init) => {
    const response = await send(input, { ...init, credentials: cookies ? "include" : "omit" });
    answered = true;
    return response;
  };
  return createConnectTransport({
    baseUrl,
    defaultTimeoutMs: timeoutMs,
    ...(interceptors && { interceptors }),
    fetch: networkFetch(withCredentials, explain),
  });
}
