import { initializeApp } from "@firebase/app";
import { deleteToken, getMessaging, getToken, isSupported, type Messaging } from "@firebase/messaging";
import type { PushWebConfig } from "@latchkey-auth/client";

/** Firebase's code, for a dynamic import: nobody loads it who does not want notifications. */
async function messagingOf({ apiKey, projectId, messagingSenderId, appId }: PushWebConfig): Promise<Messaging> {
  if (!(await isSupported())) {
    throw new Error("Firebase does not support this browser");
  }
  return getMessaging(initializeApp({ apiKey, projectId, messagingSenderId, appId }, appId));
}

/** Gives the registration token of this browser: the one it has, unless its subscription has changed. */
export async function tokenOf(config: PushWebConfig, worker: ServiceWorkerRegistration): Promise<string> {
  return getToken(await messagingOf(config), { vapidKey: config.vapidKey, serviceWorkerRegistration: worker });
}

/** Has Firebase forget that token, and ends the browser's subscription. */
export async function dropToken(config: PushWebConfig, worker: ServiceWorkerRegistration): Promise<void> {
  const messaging = await messagingOf(config);
  // It tells Firebase which worker is ours; otherwise it would look for one of its own.
  await getToken(messaging, { vapidKey: config.vapidKey, serviceWorkerRegistration: worker });
  await deleteToken(messaging);
}
