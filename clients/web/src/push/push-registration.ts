import { type Latchkey, Platform, type PushWebConfig } from "@latchkey-auth/client";
import { retryableImport } from "../loading/retryable-import";
import { usePushChoices } from "./push-choices";
import { startWorker } from "./push-worker";

/** Firebase's code. */
const firebase = retryableImport(() => import("./firebase"), "tokenOf");

let last: Promise<unknown> = Promise.resolve();

/** How long one thing may take, in milliseconds: where Google cannot be reached, browsers wait for minutes. */
const patience = 20_000;

/** Does one thing after the other: what is being turned off must not be registered again meanwhile. */
function inTurn<T>(task: (late: AbortSignal) => Promise<T>): Promise<T> {
  const mine = last.then(() => {
    const late = AbortSignal.timeout(patience);
    const givesUp = new Promise<never>((_, reject) => {
      late.addEventListener("abort", () => reject(late.reason));
    });
    return Promise.race([task(late), givesUp]);
  });
  last = mine.catch(() => undefined);
  return mine;
}

/** Has notifications to a user sent to this browser, from now on and on later visits. */
export function turnPushOn(latchkey: Latchkey, config: PushWebConfig, userId: string): Promise<void> {
  return inTurn(async (late) => {
    await register(latchkey, config, userId, late);
    choose(userId, "on");
  });
}

/**
 * Registers this browser again if the user has turned that on here; otherwise leaves nothing of a former one. The server ties the token to the session, which ends
 * without the page hearing of it; so each visit does this, whether or not the token is another one.
 */
export function renewPush(latchkey: Latchkey, config: PushWebConfig, userId: string): Promise<void> {
  return inTurn(async (late) => {
    if (usePushChoices.getState().choices[userId] === "on" && Notification.permission === "granted") {
      await register(latchkey, config, userId, late);
    } else {
      await clear();
    }
  });
}

async function register(latchkey: Latchkey, config: PushWebConfig, userId: string, late: AbortSignal): Promise<void> {
  const worker = await startWorker();
  await dropSubscriptionOfAnotherKey(worker, config.vapidKey);
  const { tokenOf } = await firebase();
  const token = await tokenOf(config, worker);
  late.throwIfAborted();
  // Somebody else may have signed in since, in another tab.
  if (latchkey.session.getSnapshot().user?.id !== userId) {
    throw new Error("the user has changed");
  }
  await latchkey.account.registerDevice({ token, platform: Platform.WEB });
}

/** Has nothing sent to this browser any more. It rejects only if the server could not be told, and leaves all as it is then. */
export function turnPushOff(latchkey: Latchkey, config: PushWebConfig, userId: string): Promise<void> {
  return inTurn(async () => {
    await unregister(latchkey, config);
    choose(userId, "off");
  });
}

const choose = (userId: string, choice: "on" | "off") => usePushChoices.getState().choose(userId, choice);

async function unregister(latchkey: Latchkey, config: PushWebConfig): Promise<void> {
  const worker = await startWorker();
  const subscription = await worker.pushManager.getSubscription();
  if (!subscription) {
    return;
  }
  const { tokenOf, dropToken } = await firebase();
  await latchkey.account.unregisterDevice({ token: await tokenOf(config, worker) });
  await dropToken(config, worker).catch(() => subscription.unsubscribe());
}

/**
 * Leaves nothing of a former user at this browser: what is shown is closed, and what is still under way to it is not
 * delivered. The server has forgotten the token with the session.
 */
export function leavePush(): Promise<void> {
  return inTurn(clear);
}

async function clear(): Promise<void> {
  const worker = await navigator.serviceWorker.getRegistration("/");
  for (const notification of (await worker?.getNotifications()) ?? []) {
    notification.close();
  }
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

/** Firebase takes whatever subscription there is; one that was made for another certificate gets no messages. */
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
