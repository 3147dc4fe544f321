import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { call, signUp } from "./calls";
import { type FakeGoogle, startGoogle } from "./fake-google";
import { Outbox } from "./outbox";
import { newPerson } from "./person";
import { fakePushService, pushDelivery, token } from "./push-browser";
import { type RunningServer, startServer } from "./server";

const ada = newPerson();
const credentials = { email: ada.email, password: ada.password };
const windows =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";

let google: FakeGoogle;
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  if (!inject("browser")) {
    return;
  }
  google = await startGoogle();
  server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off", ...google.settings });
  await signUp(server.origin, new Outbox(server.origin), ada);
  browser = await chromium.connect(inject("browser"));
});

beforeEach(({ skip }) => skip(!inject("browser"), "there is no browser"));

afterAll(async () => {
  await browser?.close();
  await server?.remove();
  await google?.stop();
});

test("B9: a new sign-in reaches this browser, while one looks at the page and while it is closed", async () => {
  const context = await browser.newContext({ locale: "en-US", reducedMotion: "reduce" });
  await context.grantPermissions(["notifications"], { origin: server.origin });
  // A granted permission is not asked for: the browser responds as if the user had just agreed.
  await context.addInitScript(() => {
    if (location.origin === "null") {
      return;
    }
    let asked = localStorage.getItem("asked") === "yes";
    Object.defineProperty(Notification, "permission", { get: () => (asked ? "granted" : "default") });
    Notification.requestPermission = async () => {
      asked = true;
      localStorage.setItem("asked", "yes");
      return "granted";
    };
  });
  const service = await fakePushService(context);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => /Policy|Trusted/.test(message.text()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));

  await page.goto(`${server.origin}/sign-in`);
  await page.getByLabel("E-mail address or mobile number").fill(ada.email);
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const turnOn = page.getByRole("button", { name: "Turn on" });
  await turnOn.waitFor();
  expect(loaded.filter((path) => /firebase|push-worker/.test(path))).toEqual([]);

  await turnOn.click();
  await page.getByText("Notifications are on for this device.").waitFor();
  expect(service.registrations).toEqual(["POST"]);

  // After a sign-in elsewhere, the server notifies this browser by its registered token.
  const arrives = async () => {
    const before = google.sent.length;
    const device = before === 0 ? windows : windows.replace("Chrome/", "Edg/1 Chrome/");
    await call(server.origin, "SignIn", credentials, { "User-Agent": device });
    await expect.poll(() => google.sent.length).toBeGreaterThan(before);
    const message = google.sent.at(-1);
    expect(message?.token).toBe(token);
    // What Firebase adds to it on the way.
    return { ...message, token: undefined, from: "123456789012", fcmMessageId: `id-${before}`, priority: "normal" };
  };
  const deliver = await pushDelivery(page, server.origin);
  const first = await arrives();
  await deliver(first);
  const { title = "", body = "" } = first.notification ?? {};
  await page.getByRole("status").getByText(`${title} — ${body}`).waitFor();
  expect(await shownNotifications()).toEqual([]);

  // On a later visit the same token is registered again, without asking the user.
  await page.reload();
  await page.goto(`${server.origin}/devices`);
  await page.getByRole("switch", { name: "Notifications on this device", checked: true }).waitFor();

  // No page is visible any more.
  const second = await arrives();
  await page.goto("about:blank");
  await deliver(second);
  await page.goto(`${server.origin}/devices`);
  // A click leads to "this was not me".
  const link = expect.stringContaining(`${server.origin}/sessions/disown?`);
  await expect.poll(shownNotifications).toEqual([{ ...second.notification, link }]);

  await page.getByRole("switch", { name: "Notifications on this device", checked: true }).click();
  await page.getByText("Notifications are off for this device.").waitFor();
  expect(service.registrations.at(-1)).toBe("DELETE");
  expect(problems).toEqual([]);
  await context.close();

  function shownNotifications() {
    return page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      return (await worker.getNotifications()).map((notification) => ({
        title: notification.title,
        body: notification.body,
        link: notification.data.link,
      }));
    });
  }
});
