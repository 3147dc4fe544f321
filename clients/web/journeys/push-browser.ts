import type { BrowserContext, Page } from "playwright-core";

/** Google as a page sees it, and the browser's own push service, which needs a connection to Google, too. */
export interface FakePushService {
  /** The calls for registrations, such as `POST`. */
  readonly registrations: string[];
}

/** The token that the page is given. */
export const token = "token-of-this-browser";

/** Answers in place of Google. */
export async function fakePushService(browser: BrowserContext): Promise<FakePushService> {
  const registrations: string[] = [];
  const headers = { "Access-Control-Allow-Origin": "*" };
  await browser.route("https://firebaseinstallations.googleapis.com/**", (route) =>
    route.fulfill({
      headers,
      json: { fid: "cAbc0123456789abcdefgh", refreshToken: "r", authToken: { token: "a", expiresIn: "604800s" } },
    }),
  );
  await browser.route("https://fcmregistrations.googleapis.com/**", (route) => {
    registrations.push(route.request().method());
    return route.fulfill({ headers, json: { token } });
  });
  await browser.addInitScript(() => {
    if (location.origin === "null") {
      return;
    }
    // As long as the browser keeps what pages keep, it keeps its subscription.
    const key = "subscription of the journey";
    const subscription = (applicationServerKey: BufferSource | string | null | undefined) => ({
      endpoint: "https://fcm.googleapis.com/fcm/send/journey",
      options: {
        applicationServerKey: applicationServerKey instanceof Uint8Array ? applicationServerKey.buffer : null,
      },
      getKey: (name: string) => new Uint8Array(name === "auth" ? 16 : 65).buffer,
      unsubscribe: async () => {
        localStorage.removeItem(key);
        return true;
      },
    });
    Object.assign(PushManager.prototype, {
      async getSubscription() {
        return localStorage.getItem(key) ? subscription(null) : null;
      },
      async subscribe(options: PushSubscriptionOptionsInit) {
        localStorage.setItem(key, "there");
        return subscription(options.applicationServerKey);
      },
    });
  });
  return { registrations };
}

/** Delivers a push message to an origin, like the push service. */
export async function pushDelivery(page: Page, origin: string): Promise<(message: object) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  const found = new Promise<string>((resolve) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`);
      if (ours) {
        resolve(ours.registrationId);
      }
    });
  });
  await devtools.send("ServiceWorker.enable");
  const registrationId = await found;
  return async (message) => {
    await devtools.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: JSON.stringify(message) });
  };
}
