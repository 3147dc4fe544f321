// A translated page has the same texts as an untranslated one, also after a change of all texts by a change of language.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, type Profile, startBrowser, type Tab } from "./browsers";
import { signUp } from "./calls";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, startServer } from "./server";

const forVisitors = ["/", "/sign-up", "/sign-up/finish?ticket=tkt_1", "/sign-in", "/reset-password", "/no-such-page"];
const forMembers = [
  // First, while all entries are on one page.
  "/activity",
  "/trainee",
  "/profile",
  "/profile/password",
  "/profile/email",
  "/profile/phone",
  "/profile/delete",
  "/devices",
];

declare global {
  /** The messages of uncaught errors. */
  var uncaught: string[];
}

let server: RunningServer;
let outbox: Outbox;

beforeAll(async () => {
  if (!inject("server")) {
    return;
  }
  server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
  outbox = new Outbox(server.origin);
});

afterAll(() => server?.remove());

/** Returns the texts of a page without times, and without repeated list entries: each change of language adds an entry to the activity. */
const textsOf = (tab: Tab) =>
  tab.evaluate(() => {
    const copy = document.body.cloneNode(true) as HTMLElement;
    for (const other of copy.querySelectorAll("script, style, noscript, option, time, [data-notice]")) {
      other.remove();
    }
    const entries = new Set<string>();
    for (const entry of copy.querySelectorAll("li")) {
      const text = entry.textContent ?? "";
      if (entries.has(text)) {
        entry.remove();
      }
      entries.add(text);
    }
    return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
  }, undefined);

const choose = (tab: Tab, locale: string) =>
  tab.evaluate((value) => {
    const select = document.querySelector<HTMLSelectElement>("footer select");
    if (select) {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }, locale);

const languageOf = (tab: Tab) => tab.evaluate(() => document.documentElement.lang, undefined);

async function setLanguage(tab: Tab, locale: string): Promise<void> {
  if ((await languageOf(tab)) !== locale) {
    await choose(tab, locale);
  }
  await expect.poll(() => languageOf(tab)).toBe(locale);
}

/** Opens a page in a language, and waits until it is loaded. */
async function open(tab: Tab, path: string, locale: string): Promise<void> {
  await tab.goto(server.origin + path);
  await tab.waitForSelector("footer select");
  await setLanguage(tab, locale);
  const unfinished = () => tab.evaluate(() => document.querySelectorAll("[aria-busy=true]").length, undefined);
  await tab.waitForSelector("h1");
  await expect.poll(unfinished).toBe(0);
}

/** Submits the form of the page as it is, so that its errors are compared as well. */
const send = (tab: Tab) =>
  tab.evaluate(() => document.querySelector<HTMLButtonElement>("form [type=submit]")?.click(), undefined);

async function signIn(tab: Tab, { email, password }: Person): Promise<void> {
  await tab.goto(`${server.origin}/sign-in`);
  await tab.waitForSelector("input[name=password]");
  await tab.type("input[name=identifier]", email);
  await tab.type("input[name=password]", password);
  await tab.click("button[type=submit]");
  await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).toBe("/trainee");
}

// In one browser: what is compared is what React renders. translated.test.ts runs in both.
describe.each(["chromium"] as const)("in %s", (name) => {
  let browser: Browser | undefined;
  let profile: Profile;

  beforeAll(async () => {
    browser = await startBrowser(name);
  });

  afterAll(() => browser?.close());

  beforeEach(async ({ skip }) => {
    skip(!browser, `there is no ${name}`);
    profile = await (browser as Browser).newProfile();
  });

  afterEach(() => profile?.close());

  test.each([
    ["visitors", forVisitors],
    ["members", forMembers],
  ])("every page for %s has the same texts as an untranslated one", { timeout: 180_000 }, async (who, paths) => {
    const plain = await profile.newTab();
    if (who === "members") {
      const ada = newPerson();
      await signUp(server.origin, outbox, ada, { role: "trainee" });
      await signIn(plain, ada);
      // First, because a change of language adds an entry to the activity.
      await open(plain, "/trainee", "ko");
    }
    const expected: string[] = [];
    for (const path of paths) {
      await open(plain, path, "ko");
      await send(plain);
      expected.push(await stableTexts(plain));
    }
    // Tabs share the language.
    await plain.goto("about:blank");

    const tab = await profile.newTranslatedTab();
    for (const [i, path] of paths.entries()) {
      await open(tab, path, "en");
      await tab.evaluate(() => {
        globalThis.uncaught = [];
        window.addEventListener("error", ({ message }) => void globalThis.uncaught.push(message));
      }, undefined);
      await send(tab);
      await stableTexts(tab);
      for (const locale of ["ko", "en", "ko"]) {
        await setLanguage(tab, locale);
      }
      await expect.poll(() => textsOf(tab), { message: path }).toBe(expected[i]);
      expect(await tab.evaluate(() => document.querySelectorAll("font > font").length, undefined)).toBeGreaterThan(5);
      expect(await tab.evaluate(() => globalThis.uncaught, undefined), path).toEqual([]);
    }
  });
});

/** Returns the texts of a page once they no longer change. */
async function stableTexts(tab: Tab): Promise<string> {
  let before = "";
  await expect
    .poll(
      async () => {
        const now = await textsOf(tab);
        const same = now === before;
        before = now;
        return same;
      },
      { interval: 200 },
    )
    .toBe(true);
  return before;
}
