// In every field stands what was typed, pasted or composed, key by key, in real browsers.
import { type CDPSession, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, browserNames, type Key, type Profile, startBrowser, type Tab } from "./browsers";
import { type RunningServer, startServer } from "./server";

let server: RunningServer;

beforeAll(async () => {
  if (inject("server")) {
    server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
  }
});

afterAll(() => server?.end());

const texts = ["0426lee@naver.com", "01012345678", "+82 10 1234 5678", " 010 ", "15881234x", "12 34-5a6"];

/** What stands in a field, and where the caret is. */
function stateOf(tab: Tab, selector: string): Promise<{ value: string; caret: number | null }> {
  return tab.evaluate((wanted) => {
    const field = document.querySelector(wanted) as HTMLInputElement;
    return { value: field.value, caret: field.selectionStart };
  }, selector);
}

const textIn = async (tab: Tab, selector: string) => (await stateOf(tab, selector)).value;

async function withControl(tab: Tab, key: Key): Promise<void> {
  await tab.keyboard.down("Control");
  await tab.keyboard.press(key);
  await tab.keyboard.up("Control");
}

async function clear(tab: Tab, selector: string): Promise<void> {
  await tab.click(selector);
  await withControl(tab, "a");
  await tab.keyboard.press("Backspace");
  await expect.poll(() => textIn(tab, selector)).toBe("");
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

  async function open(path: string, selector: string): Promise<void> {
    await tab.goto(server.origin + path);
    await tab.waitForSelector(selector);
    // The region of numbers is known once the settings are.
    await expect.poll(() => tab.evaluate(() => document.fonts.status, undefined)).toBe("loaded");
  }

  test.each([
    ["/sign-in", "input[name=identifier]"],
    ["/reset-password", "input[name=identifier]"],
    ["/sign-up", "input[name=email]"],
    ["/sign-up", "input[name=phone]"],
    ["/sign-up", "input[name=nickname]"],
  ])("at %s, %s holds what is typed, after each key and once it was left", async (path, selector) => {
    await open(path, selector);
    for (const text of texts) {
      await clear(tab, selector);
      let typed = "";
      for (const key of text) {
        await tab.keyboard.type(key);
        typed += key;
        expect(await textIn(tab, selector)).toBe(typed);
      }
    }
  });

  test("a number is written with hyphens once its field is left, and as it was typed when it is gone back to", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.click(field);
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

  test("what is put into the middle stands there, and the caret behind it", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.click(field);
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

  test("what is pasted stands as it was copied, and can be undone", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.click(field);
    await tab.keyboard.type(" 010 1234-5678 ");
    await withControl(tab, "a");
    await withControl(tab, "x");
    await expect.poll(() => textIn(tab, field)).toBe("");
    await tab.keyboard.type("0");
    await withControl(tab, "v");
    await expect.poll(() => textIn(tab, field)).toBe("0 010 1234-5678 ");
    await withControl(tab, "z");
    await expect.poll(() => textIn(tab, field)).toBe("0");
  });

  test("undoing after the field was left brings back nothing that was not typed", async () => {
    const field = "input[name=identifier]";
    await open("/sign-in", field);
    await tab.click(field);
    await tab.keyboard.type("01012345678");
    await tab.click("input[name=password]");
    await expect.poll(() => textIn(tab, field)).toBe("010-1234-5678");
    await tab.click(field);
    await expect.poll(() => textIn(tab, field)).toBe("01012345678");
    for (let i = 0; i < 3; i++) {
      await withControl(tab, "z");
      expect("01012345678".startsWith(await textIn(tab, field))).toBe(true);
    }
  });
});

// Only Chromium's protocol drives an input method.
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
    ["/sign-in", "input[name=identifier]"],
  ])("at %s, %s holds what it composes, syllable by syllable", async (path, selector) => {
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
