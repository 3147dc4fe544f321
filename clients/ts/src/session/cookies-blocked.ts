/** Returns, and logs to the console, what an operator can check when a browser has not kept the cookies of a sign-in. */
export function warnOperator(serverUrl: string): string {
  const message = `The sign-in succeeded, but the browser did not keep its cookies. ${whatToCheck(serverUrl)}`;
  // biome-ignore lint/suspicious/noConsole: operators read the console; users cannot change the server.
  console.warn(`Latchkey: ${message}`);
  return message;
}

function whatToCheck(serverUrl: string): string {
  const page = globalThis.document && globalThis.location;
  if (!page || !URL.canParse(serverUrl, document.baseURI)) {
    return "Outside of a browser, use a fetch that keeps cookies, or a tokenStore.";
  }
  const server = new URL(serverUrl, document.baseURI);
  if (globalThis.navigator?.cookieEnabled === false) {
    return `The browser blocks all cookies of ${page.origin}.`;
  }
  if (server.hostname !== page.hostname) {
    return (
      `The page is ${page.origin}, and the server ${server.origin}. If these are different sites, the server needs ` +
      "LATCHKEY_COOKIE_SAMESITE=none, and the browser must allow third-party cookies. " +
      "Neither is needed if both are on one domain."
    );
  }
  if (server.protocol === "http:") {
    return "The page was opened over http. If LATCHKEY_PUBLIC_URL begins with https, the cookies need https.";
  }
  return `The browser or an extension blocks the cookies of ${server.origin}.`;
}
