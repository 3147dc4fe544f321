import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

/** The limit for the JavaScript of the first load of the sign-in page, compressed with gzip. */
const limit = 150_000;

test.each(["ko-KR", "en-US"])("the sign-in page stays below its size limit, in %s", async (locale) => {
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

  let size = 0;
  let code = "";
  for (const script of scripts) {
    const response = await latchkey.server.raw(script, { "Accept-Encoding": "gzip" });
    size += response.body.length;
    code += response.encoding === "gzip" ? gunzipSync(response.body) : response.body;
  }
  expect(code.includes("useState")).toBe(true);
  expect(size).toBeLessThan(limit);
  // Code for account pages and for push is not loaded.
  expect(code.includes("No QueryClient set")).toBe(false);
  expect(code.includes("firebaseinstallations")).toBe(false);
});
