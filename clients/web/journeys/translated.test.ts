// Navigation, sign-in and sign-up while a browser translates the pages. translated-texts.test.ts compares the texts of every page.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { translatePages } from "../src/testing/translator";
import { type Browser, browserNames, type Profile, startBrowser, type Tab } from "./browsers";
import { signUp } from "./calls";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, startServer } from "./server";

let server: RunningServer;
let outbox: Outbox;
let ada: Person;

beforeAll(async () => {
  if (!inject("server")) {
    return;
  }
  server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
  outbox = new Outbox(server.origin);
  ada = newPerson();
  await signUp(server.origin, outbox, ada, { withPhone: true });
});

afterAll(() => server?.remove());

// Browsers translate options, too.
const translator = `(${translatePages})`.replace("|OPTION", "");

describe.each(browserNames)("in %s", (name) => {
  let browser: Browser | undefined;
  let profile: Profile;
  let tab: Tab;

  beforeAll(async () => {
    browser = await startBrowser(name);
  });

  afterAll(() => browser?.close());

  beforeEach(async ({ skip }) => {
    skip(!browser, `there is no ${name}`);
    profile = await (browser as Browser).newProfile();
    tab = await profile.newTab();
  });

  afterEach(() => profile?.close());

  const text = () => tab.evaluate(() => document.body.textContent ?? "", undefined);

  async function isWhole(): Promise<void> {
    expect(await tab.evaluate(() => document.querySelectorAll("font").length, undefined)).toBeGreaterThan(0);
    expect(
      await tab.evaluate(() => (globalThis as { failures?: string[] }).failures ?? ["not watched"], undefined),
    ).toEqual([]);
    expect(await text()).not.toMatch(/Something went wrong|문제가 생겼어요/);
  }

  async function open(path: string): Promise<void> {
    await tab.goto(server.origin + path);
    await tab.waitForSelector("h1");
    await tab.evaluate(
      `{
      globalThis.failures = [];
      addEventListener("error", ({ message }) => globalThis.failures.push(message));
      addEventListener("unhandledrejection", ({ reason }) => globalThis.failures.push(String(reason)));
      ${translator}(document.body);
    }` as never,
      undefined,
    );
  }

  async function follow(path: string): Promise<void> {
    await tab.waitForSelector(`a[href="${path}"]`);
    await tab.evaluate((href) => (document.querySelector(`a[href="${href}"]`) as HTMLElement).click(), path);
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).toBe(path);
    await tab.waitForSelector("h1");
  }

  /** Switches to each language and back. */
  async function switchLanguage(): Promise<void> {
    const selected = () => tab.evaluate(() => document.documentElement.lang, undefined);
    const before = await selected();
    for (const language of [before === "ko" ? "en" : "ko", before]) {
      await tab.evaluate((wanted) => {
        const choices = [...document.querySelectorAll<HTMLSelectElement>("footer select")].filter((choice) =>
          choice.querySelector('option[value="ko"]'),
        );
        const choice = choices[0] as HTMLSelectElement;
        choice.value = wanted;
        choice.dispatchEvent(new Event("change", { bubbles: true }));
      }, language);
      await expect.poll(selected).toBe(language);
    }
  }

  async function signIn(): Promise<void> {
    await open("/sign-in");
    await tab.type("input[name=identifier]", ada.email);
    await tab.type("input[name=password]", "Wrong-horse1");
    await tab.keyboard.press("Enter");
    await tab.waitForSelector("[aria-invalid=true], [data-notice]");
    await isWhole();
    await tab.click("input[name=password]");
    for (let i = 0; i < "Wrong-horse1".length; i++) {
      await tab.keyboard.press("Backspace");
    }
    await tab.keyboard.type(ada.password);
    await tab.keyboard.press("Enter");
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).toBe("/trainee");
  }

  test("all account pages are rendered one after the other, in both languages", async () => {
    await signIn();
    for (const path of [
      "/profile",
      "/profile/password",
      "/profile",
      "/profile/email",
      "/profile",
      "/profile/phone",
      "/profile",
      "/profile/delete",
      "/devices",
      "/activity",
    ]) {
      await follow(path);
      await switchLanguage();
      await isWhole();
    }
  });

  test("a new user signs up", async () => {
    const grace = newPerson();
    await open("/sign-up");
    await tab.waitForSelector("input[name=email]");
    await tab.type("input[name=email]", grace.email);
    await tab.keyboard.press("Enter");
    await tab.waitForSelector("input[name=code]");
    await isWhole();
    await tab.type("input[name=code]", await outbox.code(grace.email));
    await tab.type("input[name=name]", "\u3164");
    await tab.waitForSelector("input[name=name][aria-invalid=true]");
    await tab.keyboard.press("Backspace");
    await tab.keyboard.type(grace.name);
    await tab.type("input[name=nickname]", grace.nickname);
    await tab.type("input[name=password]", grace.password);
    await tab.type("input[name=again]", grace.password);
    await isWhole();
    // Its label lies above it.
    await tab.evaluate(
      () => (document.querySelector("input[type=radio][value=trainee]") as HTMLElement).click(),
      undefined,
    );
    await tab.click("button[type=submit]");
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).toMatch(/^\/(home|trainee)$/);
    await expect.poll(text).toContain(grace.nickname);
    await isWhole();
  });
});
