const key = "latchkey.reloaded";

/** The minimum time between two automatic reloads of a page, in milliseconds. The file may stay missing. */
const minInterval = 5 * 60_000;

/** Reloads the page, unless it was reloaded recently. This prevents a reload loop. */
export function reloadOnce(): void {
  try {
    const [path, at] = JSON.parse(sessionStorage.getItem(key) ?? "[]") as [string?, number?];
    if (path === window.location.pathname && Date.now() - (at ?? 0) < minInterval) {
      return;
    }
    sessionStorage.setItem(key, JSON.stringify([window.location.pathname, Date.now()]));
  } catch {
    // Without storage a reload loop could not be detected.
    return;
  }
  window.location.reload();
}
