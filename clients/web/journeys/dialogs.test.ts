// The behaviour of dialogs that only a browser has: stacking order, inert content, and Escape.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, browserNames, type Profile, startBrowser, type Tab } from "./browsers";
import { signUp } from "./calls";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, startServer } from "./server";
import { type SlowProxy, startProxy } from "./slow-proxy";

let server: RunningServer;
let proxy: SlowProxy;
let ada: Person;

beforeAll(async () => {
  if (inject("server")) {
    server = await startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" });
  }
});

afterAll(() => server?.remove());

const isOpen = (tab: Tab) => tab.evaluate(() => document.querySelector("dialog[open]") !== null, undefined);

/** Returns what is on top at the center of the notice: the notice, or the element that covers it. */
const onTopOfNotice = (tab: Tab) =>
  tab.evaluate(() => {
    const notice = document.querySelector("[data-notice]");
    const { left, top, width, height } = (notice ?? document.body).getBoundingClientRect();
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    return notice ? (notice.contains(found) ? "the notice" : String(found?.tagName)) : "no notice";
  }, undefined);

/** Clicks the button that confirms. */
const confirm = (tab: Tab) => tab.click("dialog button:not([data-autofocus])");

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
    [profile, proxy] = await Promise.all([(browser as Browser).newProfile(), startProxy(server.origin)]);
    ada = newPerson();
    await signUp(server.origin, new Outbox(server.origin), ada, { role: "trainee" });
    tab = await profile.newTab();
    await tab.goto(`${proxy.origin}/sign-in?to=%2Fprofile%2Fdelete`);
    await tab.waitForSelector("input[name=identifier]");
    await tab.type("input[name=identifier]", ada.email);
    await tab.type("input[name=password]", ada.password);
    await tab.click("button[type=submit]");
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).toBe("/profile/delete");
    await tab.waitForSelector("main button");
    await tab.click("main button");
    await tab.waitForSelector("dialog[open]");
  });

  afterEach(async () => {
    await profile?.close();
    await proxy?.stop();
  });

  test("a dialog stays open while the account is being deleted, however often Escape is pressed", async () => {
    const deletion = proxy.holdResponse("DeleteAccount");
    await confirm(tab);
    await deletion.reached;
    for (let times = 0; times < 4; times++) {
      await tab.keyboard.press("Escape");
    }
    // By script, because drivers do not click a disabled button.
    await tab.evaluate(() => document.querySelector<HTMLElement>("dialog [data-autofocus]")?.click(), undefined);
    expect(await isOpen(tab)).toBe(true);
    deletion.release();
    await expect.poll(() => tab.evaluate(() => location.pathname, undefined)).toBe("/");
    expect(await isOpen(tab)).toBe(false);
  });

  test("a notice lies above the dialog, and can be closed without it", async () => {
    // The page below shows an error: the language changes, but updating the account fails.
    proxy.respondOnce("UpdateProfile", { status: 400, body: { code: "failed_precondition", message: "refused" } });
    await tab.evaluate(() => {
      const select = document.querySelector<HTMLSelectElement>("footer select");
      if (select) {
        select.value = "ko";
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }, undefined);
    await tab.waitForSelector("dialog [data-notice]");
    await expect.poll(() => onTopOfNotice(tab)).toBe("the notice");
    await tab.click("dialog [data-notice] button");
    expect(await onTopOfNotice(tab)).toBe("no notice");
    expect(await isOpen(tab)).toBe(true);
  });
});
