import { useSyncExternalStore } from "react";

/** Gives what the browser says of notifications from this page, also when somebody changes it in the browser's settings. */
export function useNotificationPermission(): NotificationPermission {
  return useSyncExternalStore(subscribe, current);
}

function current(): NotificationPermission {
  return "Notification" in window ? Notification.permission : "default";
}

function subscribe(changed: () => void): () => void {
  const stop = new AbortController();
  // Whoever comes back from settings of the system: not every browser tells of those.
  window.addEventListener("focus", changed, { signal: stop.signal });
  navigator.permissions
    ?.query({ name: "notifications" })
    .then((status) => status.addEventListener("change", changed, { signal: stop.signal }))
    .catch(() => undefined);
  return () => stop.abort();
}
