/** Whether the browser supports push: yes, only after the page is added to the home screen, or no. */
export type PushSupport = "supported" | "afterInstall" | "unsupported";

/** Returns whether this browser supports push. */
export function pushSupport(): PushSupport {
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    return "supported";
  }
  // iOS and iPadOS have push for pages on the home screen only; there, these interfaces are missing until then.
  return isApplePhoneOrTablet() ? "afterInstall" : "unsupported";
}

function isApplePhoneOrTablet(): boolean {
  // An iPad reports itself as a Mac, but no Mac has a touch screen.
  return (
    /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
  );
}
