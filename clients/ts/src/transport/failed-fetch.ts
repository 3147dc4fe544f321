import { LatchkeyError } from "../errors/latchkey-error.js";
import type { ExplainFailure } from "./network-fetch.js";

/**
 * Makes what explains a failed fetch. On a page of another origin, a refusal by CORS looks like a lost connection; what can
 * tell the two apart is loaded only then.
 */
export function explainFailure(fetch: typeof globalThis.fetch, hasAnswered: () => boolean): ExplainFailure {
  return async (cause, url) => {
    const page = globalThis.document && globalThis.location?.origin;
    const server = new URL(url, globalThis.document?.baseURI).origin;
    if (page && page !== server && !hasAnswered()) {
      const refusal = await import("./origin-refusal.js").catch(() => undefined);
      if (refusal && (await refusal.isOriginRefused(fetch, url))) {
        return refusal.originRefused(page, server, cause);
      }
    }
    return LatchkeyError.ofClient("NETWORK_FAILED", `no answer came from ${server}`, cause);
  };
}
