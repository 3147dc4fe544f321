const key = "latchkey.reloaded";

/** For how long the same page is not loaded again by itself, in milliseconds: what is missing may stay missing. */
const pause = 5 * 60_000;

/** Loads the page again, unless that was done for it a moment ago, so that it never goes round in circles. */
export function reloadOnce(): void {
  try {
    const [path, at] = JSON.parse(sessionStorage.getItem(key) ?? "[]") as [string?, number?];
    if (path === window.location.pathname && Date.now() - (at ?? 0) < pause) {
      return;
    }
    sessionStorage.setItem(key, JSON.stringify([window.location.pathname, Date.now()]));
  } catch {
    // A browser that keeps nothing could not tell the second time from the first.
    return;
  }
  window.location.reload();
}
