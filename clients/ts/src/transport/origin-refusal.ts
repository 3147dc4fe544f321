import { LatchkeyError } from "../errors/latchkey-error.js";

/** The timeout of a probe, in milliseconds. The caller is waiting for the error of a failed call. */
const probeTimeout = 3_000;

/**
 * Reports whether the server is reachable but rejects requests from this origin. The probes are GET requests, which have no side
 * effects.
 */
export async function isOriginRefused(fetch: typeof globalThis.fetch, url: string): Promise<boolean> {
  const probe = (init: RequestInit) =>
    fetch(url, { ...init, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(probeTimeout) }).then(
      () => true,
      () => false,
    );
  // The second probe needs permission, like calls. Without it, a restored connection would look like a rejected origin.
  return (
    (await probe({ mode: "no-cors" })) && !(await probe({ mode: "cors", headers: { "Latchkey-Session": "cookie" } }))
  );
}

/** Returns the error for an origin that the server does not allow. Its message is for developers and operators. */
export function originRefusedError(page: string, server: string, cause: unknown): LatchkeyError {
  const message = `${server} rejects requests from ${page}. Add ${page} to the server's LATCHKEY_ALLOWED_ORIGINS.`;
  // biome-ignore lint/suspicious/noConsole: operators read the console; users cannot change the server.
  console.warn(`Latchkey: ${message}`);
  return LatchkeyError.fromClient("ORIGIN_REFUSED", message, cause);
}
