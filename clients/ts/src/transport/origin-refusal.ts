import { LatchkeyError } from "../errors/latchkey-error.js";
import type { ExplainFailure } from "./network-fetch.js";

/** How long a probe may take, in milliseconds: the call has failed already, and its caller waits. */
const probeTimeout = 3_000;

/**
 * Makes what explains a failed fetch. A browser tells a page of another origin nothing about a refusal by CORS: it looks
 * like a lost connection. A request that needs no permission tells the two apart.
 */
export function explainFailure(fetch: typeof globalThis.fetch, hasAnswered: () => boolean): ExplainFailure {
  return async (cause, url) => {
    const page = globalThis.document && globalThis.location?.origin;
    const server = new URL(url, globalThis.document?.baseURI).origin;
    if (!page || page === server || hasAnswered() || !(await isRefused(fetch, url))) {
      return LatchkeyError.ofClient("NETWORK_FAILED", `no answer came from ${server}`, cause);
    }
    const message = `${server} answers, but refuses pages of ${page}. Add ${page} to the server's LATCHKEY_ALLOWED_ORIGINS.`;
    // biome-ignore lint/suspicious/noConsole: an operator looks here, and the page's user cannot do anything about it.
    console.warn(`Latchkey: ${message}`);
    return LatchkeyError.ofClient("ORIGIN_REFUSED", message, cause);
  };
}

/**
 * Reports whether a server answers requests, and not those that need its permission. A GET changes nothing, whatever the
 * method.
 */
async function isRefused(fetch: typeof globalThis.fetch, url: string): Promise<boolean> {
  const probe = (init: RequestInit) =>
    fetch(url, { ...init, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(probeTimeout) }).then(
      () => true,
      () => false,
    );
  // The second probe asks as calls do. Without it, a connection that has just come back would look like a refusal.
  return (
    (await probe({ mode: "no-cors" })) && !(await probe({ mode: "cors", headers: { "Latchkey-Session": "cookie" } }))
  );
}
