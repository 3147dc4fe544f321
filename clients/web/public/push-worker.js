// The service worker: it shows notifications while nobody looks at a page of ours. Served as it stands, so that its address
// stays; checked by tsconfig.worker.json. It loads nothing and keeps nothing, so each version may take over at once.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const home = "/home";

/** How long a page has to say that it has shown what it was given, in milliseconds. */
const patience = 1000;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("push", (event) => event.waitUntil(receive(event.data)));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
// The page gets a new token from Firebase; if none is open, the next visit does.
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(tellOfChange()));

/**
 * Shows a notification, or has a page show a notice that somebody is looking at. We have promised the browser that people see
 * each push (userVisibleOnly): Chrome and Firefox count a visible page as seeing it, and otherwise Chrome shows words of its
 * own; WebKit counts nothing but notifications, and takes the permission away after three pushes without one.
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
 * Reads a message as Firebase delivers it. What is in it is text: browsers show it as it stands.
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
 * Gives an address if it is one of our pages: whoever may send a notification must not lead people elsewhere.
 *
 * @param {unknown} link
 */
function ownAddress(link) {
  const { origin, protocol } = worker.location;
  if (typeof link !== "string" || link === "" || !URL.canParse(link, origin)) {
    return undefined;
  }
  const url = new URL(link, origin);
  // The addresses of blobs have our origin, too.
  return url.origin === origin && url.protocol === protocol ? url.href : undefined;
}

/**
 * Gives a page a message, and tells whether it was heard: the page may be about to load, or show something else.
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
 * Leads to where a notification is about: to a window that shows it already, else to a new one, so that nobody loses what they
 * are typing. Without an address of ours, any window of ours will do.
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

/** Every browser on iOS is one; Chromium names WebKit as well, and itself. */
function isWebKit() {
  const { userAgent } = worker.navigator;
  return userAgent.includes("AppleWebKit/") && !/Chrom(e|ium)\//.test(userAgent);
}
