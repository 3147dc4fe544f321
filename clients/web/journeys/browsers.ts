// Chromium and Firefox for tests that run in both. Puppeteer drives Firefox, because Playwright supports only its own build of it.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { inject } from "vitest";
import { translatePages } from "../src/testing/translator";

/** The browsers that tests run in. */
export const browserNames = ["chromium", "firefox"] as const;

/** The name of a browser. */
export type BrowserName = (typeof browserNames)[number];

/** The keys that tests press by name. */
export type Key =
  | "Tab"
  | "Enter"
  | "Escape"
  | "Home"
  | "End"
  | "ArrowLeft"
  | "ArrowRight"
  | "Backspace"
  | "Control"
  | "a"
  | "v"
  | "x"
  | "z";

/** The part of a page that both drivers share. */
export interface Tab {
  goto(url: string): Promise<unknown>;
  evaluate<Result, Argument>(
    work: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
  /** Types key by key into the field that a CSS selector names. */
  type(selector: string, text: string): Promise<void>;
  click(selector: string): Promise<void>;
  /** Presses keys in the focused element. */
  readonly keyboard: {
    press(key: Key): Promise<void>;
    down(key: Key): Promise<void>;
    up(key: Key): Promise<void>;
    type(text: string): Promise<void>;
  };
  waitForSelector(selector: string): Promise<unknown>;
}

/** Presses a key while Control is held. */
export async function pressWithControl(tab: Tab, key: Key): Promise<void> {
  await tab.keyboard.down("Control");
  await tab.keyboard.press(key);
  await tab.keyboard.up("Control");
}

/** A browser profile. Its tabs share cookies. */
export interface Profile {
  readonly newTab: () => Promise<Tab>;
  /** Opens a tab that translates every page. */
  readonly newTranslatedTab: () => Promise<Tab>;
  readonly close: () => Promise<void>;
}

/** The script that both drivers run before the scripts of a page. */
export const translation = `(${translatePages})(document)`;

/** A running browser. */
export interface Browser {
  readonly newProfile: () => Promise<Profile>;
  readonly close: () => Promise<void>;
}

// Chromium's sandbox does not work as root. The tests visit trusted pages only.
const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
];

/** Starts a browser; undefined where there is none on this machine. */
export async function startBrowser(name: BrowserName): Promise<Browser | undefined> {
  const executablePath = inject(name);
  if (!executablePath) {
    return undefined;
  }
  return name === "chromium" ? startChromium(executablePath) : startFirefox(executablePath);
}

async function startChromium(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  return {
    async newProfile() {
      const context = await browser.newContext();
      return {
        newTab: async () => (await context.newPage()) as Tab,
        async newTranslatedTab() {
          const page = await context.newPage();
          await page.addInitScript(translation);
          return page as Tab;
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

async function startFirefox(executablePath: string): Promise<Browser> {
  const browser = await puppeteer.launch({ browser: "firefox", executablePath });
  return {
    async newProfile() {
      const context = await browser.createBrowserContext();
      return {
        newTab: async () => (await context.newPage()) as unknown as Tab,
        async newTranslatedTab() {
          const page = await context.newPage();
          await page.evaluateOnNewDocument(translation);
          return page as unknown as Tab;
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}

/** Starts a browser that blocks all cookies, like the user can in its settings. */
export async function startBrowserWithoutCookies(
  name: BrowserName,
): Promise<Pick<Profile, "newTab" | "close"> | undefined> {
  const executablePath = inject(name);
  if (!executablePath) {
    return undefined;
  }
  if (name === "firefox") {
    // What about:preferences writes; 2 blocks.
    const extraPrefsFirefox = { "network.cookie.cookieBehavior": 2 };
    const browser = await puppeteer.launch({ browser: "firefox", executablePath, extraPrefsFirefox });
    return { newTab: async () => (await browser.newPage()) as unknown as Tab, close: () => browser.close() };
  }
  const folder = await mkdtemp(join(tmpdir(), "latchkey-chromium-"));
  // What chrome://settings/cookies writes; 2 blocks.
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await mkdir(join(folder, "Default"));
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: chromiumArguments });
  return {
    newTab: async () => (await context.newPage()) as Tab,
    async close() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
