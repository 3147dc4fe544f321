// In every field stands what was typed into it, after each key: browsers keep a caret, a history and rules of their own for it.
import { chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, browserNames, type Profile, pressControl, startBrowser, type Tab } from "./browsers";
import { signUp } from "./calls";
import { Outbox } from "./outbox";
import { type Person, somebody } from "./person";
import { type RunningServer, startServer } from "./server";

const texts = [
  "0426lee@naver.com",
  "01012345678",
  "+82 10 1234 5678",
  " 010 ",
  "０１０１２３４",
  "15881234x",
  "12 34-5a6",
  "  Ada  Lovelace ",
  "ada@한글.kr",
  "이서연",
];

const signedOut: [path: string, field: string][] = [
  ["/sign-in", "identifier"],
  ["/sign-in", "password"],
  ["/reset-password", "identifier"],
  ["/sign-up", "email"],
  ["/sign-up", "phone"],
  ["/sign-up", "name"],
  ["/sign-up", "nickname"],
  ["/sign-up", "password"],
  ["/sign-up", "again"],
];

const signedIn: [path: string, field: string][] = [
  ["/profile", "name"],
  ["/profile", "nickname"],
  ["/profile/phone", "contact"],
  ["/profile/email", "contact"],
  ["/profile/password", "currentPassword"],
  ["/profile/password", "newPassword"],
  ["/profile/delete", "password"],
];

declare global {
  /** What stood in the field after each change. */
  var seen: string[];
}

let server: RunningServer;
let outbox: Outbox;
let ada: Person;

beforeAll(async () => {
  if (!inject("server")) {
    return;
  }
  server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
  outbox = new Outbox(server.origin);
  ada = somebody();
  await signUp(server.origin, outbox, ada);
});

afterAll(() => server?.end());

const heldIn = (tab: Tab, field: string) =>
  tab.evaluate((name) => document.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value, field);

async function open(tab: Tab, path: string, field: string): Promise<void> {
  await tab.goto(server.origin + path);
  await tab.waitForSelector(`input[name=${field}]`);
  await tab.click(`input[name=${field}]`);
}

/** Writes down what stands in the field that has the focus after each change of it, once the page has seen it. */
const watch = (tab: Tab) =>
  tab.evaluate(() => {
    globalThis.seen = [];
    window.addEventListener("input", ({ target }) => {
      globalThis.seen.push((target as HTMLInputElement).value);
    });
  }, undefined);

async function clear(tab: Tab): Promise<void> {
  await pressControl(tab, "a");
  await tab.keyboard.press("Backspace");
  await tab.evaluate(() => globalThis.seen.splice(0), undefined);
}

async function holdsWhatIsTyped(tab: Tab, path: string, field: string): Promise<void> {
  await open(tab, path, field);
  await watch(tab);
  for (const text of texts) {
    await clear(tab);
    await tab.keyboard.type(text);
    const prefixes = [...text].map((_, end) => [...text].slice(0, end + 1).join(""));
    expect(await tab.evaluate(() => globalThis.seen, undefined), `${text} in ${field} at ${path}`).toEqual(prefixes);
    expect(await heldIn(tab, field)).toBe(text);
  }
}

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

  test("every field of the pages for visitors holds what is typed", async () => {
    for (const [path, field] of signedOut) {
      await holdsWhatIsTyped(tab, path, field);
    }
  });

  test("every field of the account pages holds what is typed", async () => {
    await open(tab, "/sign-in", "identifier");
    await tab.keyboard.type(ada.email);
    await tab.type("input[name=password]", ada.password);
    await tab.keyboard.press("Enter");
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).not.toBe("/sign-in");
    for (const [path, field] of signedIn) {
      await holdsWhatIsTyped(tab, path, field);
    }
  });

  test("the field for a code holds what is typed", async () => {
    await open(tab, "/sign-up", "email");
    await tab.keyboard.type(somebody().email);
    await tab.keyboard.press("Enter");
    await tab.waitForSelector("input[name=code]");
    await tab.click("input[name=code]");
    await watch(tab);
    for (const text of ["12 34-5", "12ab", "０１２"]) {
      await clear(tab);
      await tab.keyboard.type(text);
      expect(await heldIn(tab, "code")).toBe(text);
    }
  });

  test("a number is shown as people write it while its field is left, and undone as it was typed", async () => {
    await open(tab, "/sign-in", "identifier");
    await tab.keyboard.type("01012345678");
    await tab.keyboard.press("Tab");
    expect(await heldIn(tab, "identifier")).toBe("010-1234-5678");
    await tab.click("input[name=identifier]");
    expect(await heldIn(tab, "identifier")).toBe("01012345678");
    await pressControl(tab, "a");
    await tab.keyboard.type("x");
    await pressControl(tab, "z");
    expect(await heldIn(tab, "identifier")).toBe("01012345678");
    await tab.keyboard.press("Tab");
    expect(await heldIn(tab, "identifier")).toBe("010-1234-5678");
  });

  test("what is typed in the middle of a number goes where the caret is", async () => {
    await open(tab, "/sign-up", "phone");
    await tab.keyboard.type("0101234567");
    for (let steps = 0; steps < 7; steps++) {
      await tab.keyboard.press("ArrowLeft");
    }
    await tab.keyboard.type("98");
    expect(await heldIn(tab, "phone")).toBe("010981234567");
  });

  test("an address that begins like a number signs in", async () => {
    const lee = { ...somebody(), email: `0426lee-${name}@naver.com` };
    await signUp(server.origin, outbox, lee);
    await open(tab, "/sign-in", "identifier");
    await tab.keyboard.type(lee.email);
    await tab.keyboard.press("Enter");
    await tab.keyboard.type(lee.password);
    await tab.keyboard.press("Enter");
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).not.toBe("/sign-in");
  });
});

test("a Korean keyboard composes in every text field, and in the one for a number or an address", async ({ skip }) => {
  skip(!inject("chromium"), "there is no chromium");
  const browser = await chromium.launch({
    executablePath: inject("chromium"),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page: Page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    const compose = async (text: string) =>
      devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    for (const [path, field] of [
      ["/sign-up", "name"],
      ["/sign-up", "nickname"],
      ["/sign-up", "phone"],
      ["/sign-in", "identifier"],
    ] as const) {
      await page.goto(server.origin + path);
      await page.click(`input[name=${field}]`);
      for (const [before, ...steps] of [
        ["ㅇ", "이", "일"],
        ["서", "석"],
      ]) {
        for (const step of [before as string, ...steps]) {
          await compose(step);
        }
        await devtools.send("Input.insertText", { text: steps.at(-1) as string });
      }
      expect(await page.inputValue(`input[name=${field}]`)).toBe("일석");
    }
  } finally {
    await browser.close();
  }
});
