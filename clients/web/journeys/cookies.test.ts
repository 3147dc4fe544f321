// Browsers that keep no cookies of a sign-in, and pages that may not call: the user is told, and so is the operator.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, browserNames, startBrowser, startBrowserWithoutCookies, type Tab } from "./browsers";
import { signUp } from "./calls";
import { clientPage } from "./client-page/build";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, startServer } from "./server";
import { type SlowProxy, startProxy } from "./slow-proxy";

let server: RunningServer;
/** Serves the page that is nothing but a client, at an origin that is not the server's. */
let other: SlowProxy;
let ada: Person;

beforeAll(async () => {
  if (!inject("server")) {
    return;
  }
  server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
  other = await startProxy(server.origin, await clientPage());
  ada = newPerson();
  await signUp(server.origin, new Outbox(server.origin), ada);
});

afterAll(async () => {
  await other?.stop();
  await server?.remove();
});

const signsIn = (tab: Tab) => tab.evaluate(({ email, password }) => globalThis.clientPage.signIn(email, password), ada);
const session = (tab: Tab) => tab.evaluate(() => globalThis.clientPage.session(), undefined);

describe.each(browserNames)("in %s", (name) => {
  describe("that blocks cookies", () => {
    let profile: Awaited<ReturnType<typeof startBrowserWithoutCookies>>;

    beforeEach(async ({ skip }) => {
      profile = await startBrowserWithoutCookies(name);
      skip(!profile, `there is no ${name}`);
    });

    afterEach(() => profile?.close());

    test("the page for signing in says so, and stays", async () => {
      const tab = (await profile?.newTab()) as Tab;
      await tab.goto(`${server.origin}/sign-in?to=%2Fdevices`);
      await tab.waitForSelector("input[name=password]");
      await tab.type("input[name=identifier]", ada.email);
      await tab.type("input[name=password]", ada.password);
      await tab.click("button[type=submit]");
      const told = () => tab.evaluate(() => document.querySelector("[data-notice]")?.textContent ?? "", undefined);
      await expect.poll(told).toMatch(/blocks cookies|쿠키를 차단/);
      expect(await tab.evaluate(() => location.pathname + location.search, undefined)).toBe("/sign-in?to=%2Fdevices");
    });

    test("a client of the package says so", async () => {
      const tab = (await profile?.newTab()) as Tab;
      await tab.goto(`${other.origin}/client`);
      expect(await signsIn(tab)).toBe("COOKIES_BLOCKED");
      expect(await session(tab)).toBe("signedOut");
    });
  });

  describe("that keeps cookies", () => {
    let browser: Browser | undefined;
    let tab: Tab;

    beforeAll(async () => {
      browser = await startBrowser(name);
    });

    afterAll(() => browser?.close());

    beforeEach(async ({ skip }) => {
      skip(!browser, `there is no ${name}`);
      tab = await (await (browser as Browser).newProfile()).newTab();
    });

    const at = (host: string) =>
      tab.goto(`${other.origin.replace("localhost", host)}/client?server=${encodeURIComponent(server.origin)}`);

    test("a page of another port signs in", async () => {
      await at("localhost");
      expect(await signsIn(tab)).toBe("done");
      expect(await session(tab)).toBe(`signedIn ${ada.email}`);
    });

    test("a page on another site is told that its cookies are not kept", async () => {
      await at("127.0.0.1");
      expect(await signsIn(tab)).toBe("COOKIES_BLOCKED");
      expect(await session(tab)).toBe("signedOut");
    });

    test("a page whose origin is not allowed is told so, and not that there is no connection", async () => {
      await at("app.localhost");
      expect(await signsIn(tab)).toBe("ORIGIN_REFUSED");
      // The question who is signed in, which the page asks by itself, may be answered later.
      await expect.poll(() => session(tab)).toBe("loading (ORIGIN_REFUSED)");
    });

    test("a page of another origin without a connection is told that", async () => {
      await tab.goto(`${other.origin}/client?server=${encodeURIComponent("http://localhost:9")}`);
      expect(await signsIn(tab)).toBe("NETWORK_FAILED");
    });
  });
});
