import { useSyncExternalStore } from "react";

const answers = new EventTarget();

/** Asks the user for the permission. Browsers allow this only shortly after a click. */
export async function askPermission(): Promise<NotificationPermission> {
  const permission = await Notification.requestPermission();
  answers.dispatchEvent(new Event("answer"));
  return permission;
}

/** Returns the notification permission. It follows changes in the browser's settings. */
export function useNotificationPermission(): NotificationPermission {
  return useSyncExternalStore(subscribe, current);
}

function current(): NotificationPermission {
  return "Notification" in window ? Notification.permission : "default";
}

function subscribe(onChange: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  answers.addEventListener("answer", onChange, { signal });
  // The user may come back from the system's settings; not every browser fires an event for changes there.
  window.addEventListener("focus", onChange, { signal });
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", onChange, { signal }))
    .catch(() => undefined);
  return () => stop.abort();
}
