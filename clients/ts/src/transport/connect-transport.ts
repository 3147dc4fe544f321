import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { explainFailure } from "./failed-fetch.js";
import { networkFetch } from "./network-fetch.js";

/** How the server is reached over HTTP. */
export interface ConnectOptions {
  readonly baseUrl: string;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly interceptors?: Interceptor[] | undefined;
  readonly timeoutMs: number;
  /** Whether cookies are sent and kept. Those that are not asked for could sign in another user than the bearer token. */
  readonly cookies: boolean;
}

/** Makes the transport that calls the server over HTTP. */
export function connectTransport({ baseUrl, fetch, interceptors, timeoutMs, cookies }: ConnectOptions): Transport {
  // Looked up at each call: tests and tracing replace the global one later.
  const send: typeof globalThis.fetch = (input, init) => (fetch ?? globalThis.fetch)(input, init);
  let answered = false;
  const explain = explainFailure(send, () => answered);
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
