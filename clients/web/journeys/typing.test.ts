// Every field holds exactly what was typed, pasted or composed, in real browsers: they have a caret, an undo history and rules of their own.
import { type CDPSession, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, browserNames, type Profile, pressWithControl, startBrowser, type Tab } from "./browsers";
import { signUp } from "./calls";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, startServer } from "./server";

/** Texts that formatting or trimming while typing would change. */
const contacts = [
  "0426lee@naver.com",
  "01012345678",
  "+82 10 1234 5678",
  " 010 ",
  "15881234x",
  "12 34-5a6",
  "０１０１",
];
const others = ["  Ada  L ", "이서연"];

const visitorFields: [path: string, field: string, texts: string[]][] = [
  ["/sign-in", "identifier", contacts],
  ["/sign-in", "password", others],
  ["/reset-password", "identifier", contacts],
  ["/sign-up", "email", contacts],
  ["/sign-up", "phone", contacts],
  ["/sign-up", "name", others],
  ["/sign-up", "nickname", others],
  ["/sign-up", "password", others],
  ["/sign-up", "again", others],
];

const accountFields: [path: string, field: string, texts: string[]][] = [
  ["/profile", "name", others],
  ["/profile", "nickname", others],
  ["/profile/phone", "contact", contacts.slice(1, 4)],
  ["/profile/email", "contact", contacts.slice(0, 2)],
  ["/profile/password", "currentPassword", others],
  ["/profile/password", "newPassword", others],
];

declare global {
  /** The value of the field after each input event. */
  var values: string[];
}

let server: RunningServer;
let ada: Person;

beforeAll(async () => {
  if (inject("server")) {
    server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
    ada = newPerson();
    await signUp(server.origin, new Outbox(server.origin), ada);
  }
});

afterAll(() => server?.remove());

/** Returns the value of a field, and the position of the caret. */
function stateOf(tab: Tab, selector: string): Promise<{ value: string; caret: number | null }> {
  return tab.evaluate((wanted) => {
    const field = document.querySelector(wanted) as HTMLInputElement;
    return { value: field.value, caret: field.selectionStart };
  }, selector);
}

const textIn = async (tab: Tab, selector: string) => (await stateOf(tab, selector)).value;

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

  /** Opens a page, and focuses a field. */
  async function open(path: string, selector: string): Promise<void> {
    await tab.goto(server.origin + path);
    await tab.waitForSelector(selector);
    // The region of numbers is known once the settings are.
    await expect.poll(() => tab.evaluate(() => document.fonts.status, undefined)).toBe("loaded");
    await tab.click(selector);
  }

  async function expectTextsAsTyped(fields: typeof visitorFields): Promise<void> {
    let current = "";
    for (const [path, field, texts] of fields) {
      const selector = `input[name=${field}]`;
      if (path === current) {
        await tab.click(selector);
      } else {
        await open(path, selector);
        current = path;
        await tab.evaluate(() => {
          globalThis.values = [];
          window.addEventListener("input", ({ target }) => {
            globalThis.values.push((target as HTMLInputElement).value);
          });
        }, undefined);
      }
      for (const text of texts) {
        await pressWithControl(tab, "a");
        await tab.keyboard.press("Backspace");
        await tab.evaluate(() => void globalThis.values.splice(0), undefined);
        await tab.keyboard.type(text);
        const prefixes = [...text].map((_, end) => [...text].slice(0, end + 1).join(""));
        const message = `${text} in ${field} at ${path}`;
        expect(await tab.evaluate(() => globalThis.values, undefined), message).toEqual(prefixes);
        expect(await textIn(tab, selector), message).toBe(text);
      }
    }
  }

  test("every field for visitors holds what is typed, after each key", () => expectTextsAsTyped(visitorFields));

  test("every field of an account holds what is typed, after each key", async () => {
    await open("/sign-in", "input[name=identifier]");
    await tab.keyboard.type(ada.email);
    await tab.keyboard.press("Enter");
    await tab.keyboard.type(ada.password);
    await tab.keyboard.press("Enter");
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).not.toBe("/sign-in");
    await expectTextsAsTyped(accountFields);
  });

  test("the field for a code holds what is typed", async () => {
    await open("/sign-up", "input[name=email]");
    await tab.keyboard.type(newPerson().email);
    await tab.keyboard.press("Enter");
    await tab.waitForSelector("input[name=code]");
    await tab.click("input[name=code]");
    for (const text of ["12 34-5", "12ab", "０１２"]) {
      await pressWithControl(tab, "a");
      await tab.keyboard.type(text);
      expect(await textIn(tab, "input[name=code]")).toBe(text);
    }
  });

  test("a number is formatted on blur, and shown as it was typed on focus", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.keyboard.type("01012345678");
    expect(await textIn(tab, field)).toBe("01012345678");
    await tab.click("input[name=password]");
    await expect.poll(() => textIn(tab, field)).toBe("010-1234-5678");
    await tab.click(field);
    expect(await textIn(tab, field)).toBe("01012345678");
    await tab.keyboard.press("End");
    await tab.keyboard.type("@naver.com");
    await tab.click("input[name=password]");
    expect(await textIn(tab, field)).toBe("01012345678@naver.com");
  });

  test("text that is typed in the middle stays there, with the caret behind it", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.keyboard.type("0101234567");
    await tab.keyboard.press("Home");
    for (let i = 0; i < 3; i++) {
      await tab.keyboard.press("ArrowRight");
    }
    await tab.keyboard.type("99");
    expect(await stateOf(tab, field)).toEqual({ value: "010991234567", caret: 5 });
    await tab.keyboard.press("Backspace");
    expect(await stateOf(tab, field)).toEqual({ value: "01091234567", caret: 4 });
  });

  test("pasted text stays as it was copied, and can be undone", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.keyboard.type(" 010 1234-5678 ");
    await pressWithControl(tab, "a");
    await pressWithControl(tab, "x");
    await expect.poll(() => textIn(tab, field)).toBe("");
    await tab.keyboard.type("0");
    await pressWithControl(tab, "v");
    await expect.poll(() => textIn(tab, field)).toBe("0 010 1234-5678 ");
    await pressWithControl(tab, "z");
    await expect.poll(() => textIn(tab, field)).toBe("0");
  });

  test("undo after a blur restores only what was typed", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.keyboard.type("01012345678");
    await tab.click("input[name=password]");
    await expect.poll(() => textIn(tab, field)).toBe("010-1234-5678");
    await tab.click(field);
    await expect.poll(() => textIn(tab, field)).toBe("01012345678");
    for (let i = 0; i < 3; i++) {
      await pressWithControl(tab, "z");
      expect("01012345678".startsWith(await textIn(tab, field))).toBe(true);
    }
  });
});

// Only Chromium's protocol can drive an input method.
describe("an input method in chromium", () => {
  let browser: Awaited<ReturnType<typeof chromium.connect>>;

  beforeAll(async () => {
    if (inject("browser")) {
      browser = await chromium.connect(inject("browser"));
    }
  });

  afterAll(() => browser?.close());

  test.each([
    ["/sign-up", "input[name=name]"],
    ["/sign-up", "input[name=nickname]"],
    ["/sign-up", "input[name=phone]"],
    ["/sign-in", "input[name=identifier]"],
  ])("at %s, %s holds what is composed, syllable by syllable", async (path, selector) => {
    const page: Page = await browser.newPage();
    await page.goto(server.origin + path);
    await page.locator(selector).click();
    const ime: CDPSession = await page.context().newCDPSession(page);
    let done = "";
    for (const syllables of [
      ["ㅇ", "이"],
      ["ㅅ", "서"],
      ["ㅇ", "여", "연"],
    ]) {
      for (const text of syllables) {
        await ime.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
        expect(await page.locator(selector).inputValue()).toBe(done + text);
      }
      done += syllables.at(-1);
      await ime.send("Input.insertText", { text: syllables.at(-1) ?? "" });
      expect(await page.locator(selector).inputValue()).toBe(done);
    }
    await page.close();
  });
});
