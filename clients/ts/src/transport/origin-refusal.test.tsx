// A page on another origin, to which browsers do not report CORS errors.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createLatchkey } from "../latchkey.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);

beforeEach(() => {
  warn.mockClear();
  vi.stubGlobal("location", { origin: "https://app.example.org" });
});

afterEach(() => vi.unstubAllGlobals());

const refused = () => Promise.reject(new TypeError("Failed to fetch"));
const answered = async () => Response.json({});

/** What a browser does with requests that need no permission, with the first ones that do, and with all later ones. */
function browser(simple: () => Promise<Response>, ...others: (() => Promise<Response>)[]): typeof globalThis.fetch {
  return (_, init) =>
    init?.mode === "no-cors" ? simple() : ((others.length > 1 ? others.shift() : others[0]) ?? refused)();
}

async function failure(fetch: typeof globalThis.fetch, baseUrl = "https://auth.example.com") {
  return createLatchkey({ baseUrl, fetch })
    .auth.getSettings()
    .then(
      () => undefined,
      (caught) => caught,
    );
}

test("an origin that is not allowed is told, with what an operator can do", async () => {
  const error = await failure(browser(answered, refused));
  expect(error).toMatchObject({ reason: "ORIGIN_REFUSED", cause: expect.any(TypeError) });
  expect(error.rawMessage).toMatch(
    /https:\/\/auth\.example\.com.*https:\/\/app\.example\.org.*LATCHKEY_ALLOWED_ORIGINS/,
  );
  expect(warn).toHaveBeenCalledWith(`Latchkey: ${error.rawMessage}`);
});

describe("a lost connection is called so", () => {
  test("when nothing answers", async () => {
    expect(await failure(browser(refused, refused))).toMatchObject({ reason: "NETWORK_FAILED" });
  });

  test("when the connection has just come back", async () => {
    expect(await failure(browser(answered, refused, answered))).toMatchObject({ reason: "NETWORK_FAILED" });
  });

  test("when the server has answered this page before", async () => {
    let reachable = true;
    const fetch = browser(answered, () => (reachable ? answered() : refused()));
    const client = createLatchkey({ baseUrl: "https://auth.example.com", fetch });
    await client.auth.getSettings();
    reachable = false;
    await expect(client.auth.getSettings()).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
  });

  test("on the server's own page", async () => {
    const error = await failure(browser(answered, refused), "https://app.example.org");
    expect(error).toMatchObject({ reason: "NETWORK_FAILED" });
  });
  afterEach(() => expect(warn).not.toHaveBeenCalled());
});
