import { type Latchkey, Platform, type PushWebConfig } from "@latchkey-auth/client";
import { retryableImport } from "../loading/retryable-import";
import { usePushChoices } from "./push-choices";
import { startWorker } from "./push-worker";

/** Loads the Firebase SDK. */
const firebase = retryableImport(() => import("./firebase"), "getPushToken");

let last: Promise<unknown> = Promise.resolve();

/** The time limit of a task, in milliseconds. Browsers wait for minutes where Google cannot be reached. */
const timeout = 20_000;

/** Runs tasks one after the other, so that a device is not registered again while push is being turned off. */
function enqueue<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const result = last.then(() => {
    const signal = AbortSignal.timeout(timeout);
    const timedOut = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    return Promise.race([task(signal), timedOut]);
  });
  last = result.catch(() => undefined);
  return result;
}

/** Registers this browser for push notifications to a user, now and on later visits. */
export function turnPushOn(latchkey: Latchkey, config: PushWebConfig, userId: string): Promise<void> {
  return enqueue(async (signal) => {
    await register(latchkey, config, userId, signal);
    storeChoice(userId, "on");
  });
}

/**
 * Registers this browser again if the user has turned push on here, and otherwise removes a former user's registration. Each visit
 * does this: the server binds the token to the session, and the page may not learn that a session has ended.
 */
export function renewPush(latchkey: Latchkey, config: PushWebConfig, userId: string): Promise<void> {
  return enqueue(async (signal) => {
    if (usePushChoices.getState().choices[userId] === "on" && Notification.permission === "granted") {
      await register(latchkey, config, userId, signal);
    } else {
      await clear();
    }
  });
}

async function register(latchkey: Latchkey, config: PushWebConfig, userId: string, signal: AbortSignal): Promise<void> {
  const worker = await startWorker();
  await dropSubscriptionOfAnotherKey(worker, config.vapidKey);
  const { getPushToken } = await firebase();
  const token = await getPushToken(config, worker);
  signal.throwIfAborted();
  // Another user may have signed in since, in another tab.
  if (latchkey.session.getSnapshot().user?.id !== userId) {
    throw new Error("the user has changed");
  }
  await latchkey.account.registerDevice({ token, platform: Platform.WEB });
}

/** Unregisters this browser. Rejects when the server cannot be reached; everything then stays as it was. */
export function turnPushOff(latchkey: Latchkey, config: PushWebConfig, userId: string): Promise<void> {
  return enqueue(async () => {
    await unregister(latchkey, config);
    storeChoice(userId, "off");
  });
}

const storeChoice = (userId: string, choice: "on" | "off") => usePushChoices.getState().setChoice(userId, choice);

async function unregister(latchkey: Latchkey, config: PushWebConfig): Promise<void> {
  const worker = await startWorker();
  const subscription = await worker.pushManager.getSubscription();
  if (!subscription) {
    return;
  }
  const { getPushToken, deletePushToken } = await firebase();
  await latchkey.account.unregisterDevice({ token: await getPushToken(config, worker) });
  await deletePushToken(config, worker).catch(() => subscription.unsubscribe());
}

/**
 * Removes what a former user has left in this browser: it closes notifications, and ends the subscription so that pending ones
 * are not delivered. The server has deleted the token with the session.
 */
export function clearPush(): Promise<void> {
  return enqueue(clear);
}

async function clear(): Promise<void> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  for (const notification of (await worker?.getNotifications()) ?? []) {
    notification.close();
  }
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

/** Removes a subscription for another VAPID key: Firebase would reuse it, and it would receive no messages. */
async function dropSubscriptionOfAnotherKey(worker: ServiceWorkerRegistration, vapidKey: string): Promise<void> {
  const subscription = await worker.pushManager.getSubscription();
  const key = subscription?.options.applicationServerKey;
  if (key && base64Url(new Uint8Array(key)) !== vapidKey) {
    await subscription.unsubscribe();
  }
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
