import { LatchkeyError } from "../errors/latchkey-error.js";
import type { ExplainFailure } from "./network-fetch.js";

/**
 * Returns a function that finds the reason of a failed fetch. On a page of another origin, a CORS error looks like a lost
 * connection. The code that distinguishes the two is loaded on demand.
 */
export function createExplainFailure(fetch: typeof globalThis.fetch, hasAnswered: () => boolean): ExplainFailure {
  return async (cause, url) => {
    const page = globalThis.document && globalThis.location?.origin;
    const server = new URL(url, globalThis.document?.baseURI).origin;
    if (page && page !== server && !hasAnswered()) {
      const refusal = await import("./origin-refusal.js").catch(() => undefined);
      if (refusal && (await refusal.isOriginRefused(fetch, url))) {
        return refusal.originRefusedError(page, server, cause);
      }
    }
    return LatchkeyError.fromClient("NETWORK_FAILED", `no response from ${server}`, cause);
  };
}
