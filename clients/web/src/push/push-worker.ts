/** What the service worker tells a page. */
export type WorkerMessage =
  | { readonly kind: "notification"; readonly title: string; readonly body: string }
  | { readonly kind: "subscription-changed" };

const script = "/push-worker.js";

/** Starts the service worker, or finds it, and waits until it works. */
export async function startWorker(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(trusted(script), { scope: "/", updateViaCache: "none" });
  return navigator.serviceWorker.ready;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL: (url: string) => unknown;
  };
}

let trustedScript: unknown;

/** Says that this address may be run: by the policy of the page, no other text becomes a script (Trusted Types). */
function trusted(url: typeof script): string {
  const { trustedTypes } = window as { readonly trustedTypes?: TrustedTypes };
  // A policy can be made once.
  trustedScript ??=
    trustedTypes?.createPolicy("latchkey", { createScriptURL: () => script }).createScriptURL(url) ?? url;
  return trustedScript as string;
}

/** Hears what the service worker tells this page, until the result is called. A message is answered once it was heard. */
export function onWorkerMessage(hear: (message: WorkerMessage) => void): () => void {
  const listen = ({ data, ports }: MessageEvent<unknown>) => {
    const message = workerMessage(data);
    if (message) {
      hear(message);
      ports[0]?.postMessage("heard");
    }
  };
  navigator.serviceWorker.addEventListener("message", listen);
  return () => navigator.serviceWorker.removeEventListener("message", listen);
}

function workerMessage(data: unknown): WorkerMessage | undefined {
  const { kind, title, body } = Object(data) as Record<string, unknown>;
  if (kind === "notification" && typeof title === "string" && typeof body === "string") {
    return { kind, title, body };
  }
  return kind === "subscription-changed" ? { kind } : undefined;
}
