/** Tells an operator, in the console too, what to check when a browser has not kept the cookies of a sign-in. */
export function adviseOperator(serverUrl: string): string {
  const message = `The sign-in succeeded, but the browser has kept no cookie of it. ${whatToCheck(serverUrl)}`;
  // biome-ignore lint/suspicious/noConsole: an operator looks here, and the page's user can only change the browser.
  console.warn(`Latchkey: ${message}`);
  return message;
}

function whatToCheck(serverUrl: string): string {
  const page = globalThis.document && globalThis.location;
  if (!page || !URL.canParse(serverUrl, document.baseURI)) {
    return "A fetch outside a browser has to keep cookies by itself; without that, use a tokenStore.";
  }
  const server = new URL(serverUrl, document.baseURI);
  if (globalThis.navigator?.cookieEnabled === false) {
    return `The browser blocks all cookies of ${page.origin}.`;
  }
  if (server.hostname !== page.hostname) {
    return (
      `The page is ${page.origin}, and the server ${server.origin}. If they are two sites, the server needs ` +
      "LATCHKEY_COOKIE_SAMESITE=none, and the browser has to allow third-party cookies. " +
      "Serving both from one domain needs neither."
    );
  }
  if (server.protocol === "http:") {
    return "The page was opened over http. The cookies of a server whose LATCHKEY_PUBLIC_URL begins with https need https.";
  }
  return `The browser, or an extension of it, blocks the cookies of ${server.origin}.`;
}
