import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

/** What the first load of the page for signing in may weigh: JavaScript, compressed with gzip. */
const limit = 150_000;

test.each(["ko-KR", "en-US"])("the page for signing in weighs what it may, in %s", async (locale) => {
  const ada = await latchkey.visitor({ locale });
  const scripts = new Set<string>();
  ada.page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith(".js")) {
      scripts.add(pathname);
    }
  });
  await ada.opens("/sign-in");
  await ada.page.locator("input[name=password]").waitFor();
  await ada.page.waitForLoadState("networkidle");

  let weight = 0;
  let code = "";
  for (const script of scripts) {
    const answer = await latchkey.server.raw(script, { "Accept-Encoding": "gzip" });
    weight += answer.body.length;
    code += answer.encoding === "gzip" ? gunzipSync(answer.body) : answer.body;
  }
  expect(code.includes("useState")).toBe(true);
  expect(weight).toBeLessThan(limit);
  // What belongs to the pages of an account, and to notifications.
  expect(code.includes("No QueryClient set")).toBe(false);
  expect(code.includes("firebaseinstallations")).toBe(false);
});
