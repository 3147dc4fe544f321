import { LatchkeyError } from "../errors/latchkey-error.js";

/** How long a probe may take, in milliseconds: the call has failed already, and its caller waits. */
const probeTimeout = 3_000;

/**
 * Reports whether a server answers requests, and not those that need its permission. A GET changes nothing, whatever the
 * method.
 */
export async function isOriginRefused(fetch: typeof globalThis.fetch, url: string): Promise<boolean> {
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

/** Makes the error of a page whose origin the server does not allow. Its message is for developers and operators. */
export function originRefused(page: string, server: string, cause: unknown): LatchkeyError {
  const message = `${server} answers, but refuses pages of ${page}. Add ${page} to the server's LATCHKEY_ALLOWED_ORIGINS.`;
  // biome-ignore lint/suspicious/noConsole: an operator looks here, and the page's user cannot do anything about it.
  console.warn(`Latchkey: ${message}`);
  return LatchkeyError.ofClient("ORIGIN_REFUSED", message, cause);
}
