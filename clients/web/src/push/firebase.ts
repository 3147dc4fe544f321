import { initializeApp } from "@firebase/app";
import { deleteToken, getMessaging, getToken, isSupported, type Messaging } from "@firebase/messaging";
import type { PushWebConfig } from "@latchkey-auth/client";

/** Starts Firebase. This module is imported dynamically: only users who turn push on load the SDK. */
async function startMessaging({ apiKey, projectId, messagingSenderId, appId }: PushWebConfig): Promise<Messaging> {
  if (!(await isSupported())) {
    throw new Error("Firebase does not support this browser");
  }
  return getMessaging(initializeApp({ apiKey, projectId, messagingSenderId, appId }, appId));
}

/** Returns the registration token of this browser. It stays the same until the subscription changes. */
export async function getPushToken(config: PushWebConfig, worker: ServiceWorkerRegistration): Promise<string> {
  return getToken(await startMessaging(config), { vapidKey: config.vapidKey, serviceWorkerRegistration: worker });
}

/** Deletes the token at Firebase, and ends the browser's subscription. */
export async function deletePushToken(config: PushWebConfig, worker: ServiceWorkerRegistration): Promise<void> {
  const messaging = await startMessaging(config);
  // Passes our service worker to Firebase, which would otherwise register its own.
  await getToken(messaging, { vapidKey: config.vapidKey, serviceWorkerRegistration: worker });
  await deleteToken(messaging);
}
