// The service worker shows notifications while no page is visible. It is not bundled, so that its URL stays the same;
// tsconfig.worker.json checks it. It has no dependencies and no state, so each version may take over at once.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const home = "/home";

/** The time for a page to acknowledge a message, in milliseconds. */
const patience = 1000;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => event.waitUntil(receive(event.data)));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
// An open page gets a new token from Firebase. Otherwise the next visit does.
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(tellOfChange()));

/**
 * Shows a notification, or a notice in a visible page. Every push must be visible to the user (userVisibleOnly). In Chrome and
 * Firefox a visible page is enough; otherwise Chrome shows a generic text. WebKit requires a notification, and revokes the
 * permission after three pushes without one.
 *
 * @param {PushMessageData | null} data
 */
async function receive(data) {
  const { title, body, link } = read(data);
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const visible = pages.filter(({ visibilityState }) => visibilityState === "visible");
  const heard = await Promise.all(visible.map((page) => tell(page, { kind: "notification", title, body })));
  if (!heard.includes(true) || isWebKit()) {
    await worker.registration.showNotification(title, { body, icon: "/icon-192.png", data: { link } });
  }
}

/**
 * Parses a message from Firebase. Its values are plain text: browsers do not interpret them.
 *
 * @param {PushMessageData | null} data
 */
function read(data) {
  const message = Object(json(data));
  const { title, body, click_action: action } = Object(message.notification);
  const link = [Object(message.data).link, Object(message.fcmOptions).link, action].find((text) => text !== undefined);
  return { title: text(title) || "Latchkey", body: text(body), link: ownAddress(link) };
}

/** @param {PushMessageData | null} data */
function json(data) {
  try {
    return data?.json();
  } catch {
    return undefined;
  }
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value : "";
}

/**
 * Returns the URL if it is one of our pages: a notification must not link to other sites.
 *
 * @param {unknown} link
 */
function ownAddress(link) {
  const { origin, protocol } = worker.location;
  if (typeof link !== "string" || link === "" || !URL.canParse(link, origin)) {
    return undefined;
  }
  const url = new URL(link, origin);
  // blob: URLs have our origin, too.
  return url.origin === origin && url.protocol === protocol ? url.href : undefined;
}

/**
 * Sends a message to a page. Reports whether the page acknowledged it: the page may be loading, or belong to something else.
 *
 * @param {WindowClient} page
 * @param {object} message
 * @returns {Promise<boolean>}
 */
function tell(page, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const late = setTimeout(() => resolve(false), patience);
    port1.onmessage = () => {
      clearTimeout(late);
      resolve(true);
    };
    page.postMessage(message, [port2]);
  });
}

/**
 * Opens the page of a notification: in a window that shows it already, or in a new one, so that the user does not lose what was
 * typed. Without a page, any open window is focused.
 *
 * @param {unknown} data
 */
async function open(data) {
  const address = ownAddress(Object(data).link);
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = address === undefined ? pages[0] : pages.find(({ url }) => url === address);
  await (page ? page.focus() : worker.clients.openWindow(address ?? home));
}

async function tellOfChange() {
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) {
    page.postMessage({ kind: "subscription-changed" });
  }
}

/** Reports whether the browser is WebKit, like all browsers on iOS. Chromium names WebKit too, but also itself. */
function isWebKit() {
  const { userAgent } = worker.navigator;
  return userAgent.includes("AppleWebKit/") && !/Chrom(e|ium)\//.test(userAgent);
}
