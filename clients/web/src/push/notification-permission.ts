import { useSyncExternalStore } from "react";

const asked = new EventTarget();

/** Asks for the permission. Browsers do so only while they remember a click. */
export async function askPermission(): Promise<NotificationPermission> {
  const permission = await Notification.requestPermission();
  asked.dispatchEvent(new Event("answer"));
  return permission;
}

/** Gives what the browser says of notifications from this page, also when somebody changes it in the browser's settings. */
export function useNotificationPermission(): NotificationPermission {
  return useSyncExternalStore(subscribe, current);
}

function current(): NotificationPermission {
  return "Notification" in window ? Notification.permission : "default";
}

function subscribe(changed: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  asked.addEventListener("answer", changed, { signal });
  // Whoever comes back from settings of the system: not every browser tells of those.
  window.addEventListener("focus", changed, { signal });
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", changed, { signal }))
    .catch(() => undefined);
  return () => stop.abort();
}
