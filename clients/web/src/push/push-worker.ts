/** What the service worker tells a page. */
export type WorkerMessage =
  | { readonly kind: "notification"; readonly title: string; readonly body: string }
  | { readonly kind: "subscription-changed" };

/** Starts the service worker, or finds it, and waits until it works. */
export async function startWorker(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register("/push-worker.js", { scope: "/", updateViaCache: "none" });
  return navigator.serviceWorker.ready;
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
