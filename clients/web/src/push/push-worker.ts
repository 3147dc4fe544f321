/** A message from the service worker to a page. */
export type WorkerMessage =
  | { readonly kind: "notification"; readonly title: string; readonly body: string }
  | { readonly kind: "subscription-changed" };

const script = "/push-worker.js";

/** Registers the service worker, and waits until it is active. */
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

/** Marks the script's URL as trusted. The page's Trusted Types policy allows no other script URL. */
function trusted(url: typeof script): string {
  const { trustedTypes } = window as { readonly trustedTypes?: TrustedTypes };
  // A policy with the same name cannot be created twice.
  trustedScript ??=
    trustedTypes?.createPolicy("latchkey", { createScriptURL: () => script }).createScriptURL(url) ?? url;
  return trustedScript as string;
}

/** Subscribes to messages of the service worker; returns the function that unsubscribes. Each message is acknowledged. */
export function onWorkerMessage(listener: (message: WorkerMessage) => void): () => void {
  const listen = ({ data, ports }: MessageEvent<unknown>) => {
    const message = workerMessage(data);
    if (message) {
      listener(message);
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
