/** Whether this browser can show notifications: it can, it can once the page is on the home screen, or it cannot. */
export type PushSupport = "supported" | "afterInstall" | "unsupported";

/** Tells what this browser can do. */
export function pushSupport(): PushSupport {
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    return "supported";
  }
  // iOS and iPadOS have push for pages on the home screen only; there, these interfaces are missing until then.
  return isApplePhoneOrTablet() ? "afterInstall" : "unsupported";
}

function isApplePhoneOrTablet(): boolean {
  // An iPad calls itself a Macintosh, of which none can be touched.
  return (
    /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  );
}
