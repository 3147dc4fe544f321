// What a page asks for when it is loaded: what it needs, once, and all of it at once.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

/** Notes the calls of a page from now on, in alphabetical order. */
function callsOf(page: Page): () => string[] {
  const calls: string[] = [];
  page.on("request", (request) => {
    const [, method] = /\/latchkey\.v1\.\w+\/(\w+)$/.exec(new URL(request.url()).pathname) ?? [];
    if (method) {
      calls.push(method);
    }
  });
  return () => calls.toSorted();
}

/** Notes everything that the console of a page says, which is more than what tests are failed for. */
function consoleOf(page: Page): string[] {
  const lines: string[] = [];
  page.on("console", (message) => lines.push(`${message.type()}: ${message.text()}`));
  return lines;
}

test.each(["/", "/sign-in", "/sign-up", "/reset-password"])(
  "a first visit to %s makes two calls, and the console stays empty",
  async (path) => {
    const ada = await latchkey.visitor();
    const calls = callsOf(ada.page);
    const lines = consoleOf(ada.page);
    await ada.opens(path);
    await ada.page.locator("h1").first().waitFor();
    await ada.page.waitForLoadState("networkidle");
    expect(calls()).toEqual(["GetSession", "GetSettings"]);
    expect(lines).toEqual([]);
  },
);

test("a visit to a page of an account without a session makes two calls, and the console stays empty", async () => {
  const ada = await latchkey.visitor();
  const calls = callsOf(ada.page);
  const lines = consoleOf(ada.page);
  await ada.opens("/profile");
  await ada.isAt("/sign-in?to=%2Fprofile");
  await ada.page.waitForLoadState("networkidle");
  expect(calls()).toEqual(["GetSession", "GetSettings"]);
  expect(lines).toEqual([]);
});

test.each([
  ["/profile", []],
  ["/profile/password", []],
  ["/profile/email", []],
  ["/devices", ["ListSessions"]],
  ["/activity", ["ListActivity"]],
  ["/home", ["ListActivity", "ListSessions"]],
] as const)("a signed-in page is loaded with the calls that it needs: %s", async (path, own) => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  const calls = callsOf(ada.page);
  const lines = consoleOf(ada.page);
  await ada.opens(path);
  await ada.page.locator("h1").first().waitFor();
  await ada.page.waitForLoadState("networkidle");
  expect(calls()).toEqual(["GetSession", "GetSettings", ...own]);
  expect(lines).toEqual([]);
});

test("signing in makes the call, and one to see whether the cookies were kept", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in?to=%2Fprofile");
  await ada.fillsSignIn();
  await ada.page.waitForLoadState("networkidle");
  const calls = callsOf(ada.page);
  await ada.presses("Sign in");
  await ada.isAt("/profile");
  await ada.page.waitForLoadState("networkidle");
  expect(calls()).toEqual(["GetSession", "SignIn"]);
});

test.each([
  ["/sign-in", /assets\/sign-in-page-/],
  ["/activity", /assets\/activity-page-/],
  ["/activity", /assets\/account-layout-/],
])("the session, the texts and the code of %s are requested at once", async (path, code) => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  // None of the three is answered before all of them are asked for: what waited for another one would wait for ever.
  const awaited = new Set(["session", "texts", "code"]);
  let all: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    all = resolve;
  });
  const holding = [
    ["session", /\/GetSession$/],
    ["texts", /assets\/en-/],
    ["code", code],
  ] as const;
  for (const [name, address] of holding) {
    await ada.browser.route(address, async (route) => {
      awaited.delete(name);
      if (awaited.size === 0) {
        all();
      }
      await asked;
      await route.continue();
    });
  }
  await ada.opens(path);
  await ada.page.getByRole("button", { name: "Sign out" }).waitFor();
});
