// The language that calls are made in. These run in a page, which declares one.
import { afterEach, expect, test } from "vitest";
import { memoryTokenStore } from "../bearer/token-store.js";
import { createLatchkey, type LatchkeyOptions } from "../latchkey.js";
import { createFakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";

function calls(options: LatchkeyOptions = {}) {
  const fake = createFakeLatchkey();
  const languages: (string | null)[] = [];
  const client = createLatchkey({
    ...options,
    transport: {
      ...fake.transport,
      unary: (method, signal, timeoutMs, header, ...rest) => {
        languages.push(new Headers(header).get("Latchkey-Locale"));
        return fake.transport.unary(method, signal, timeoutMs, header, ...rest);
      },
    },
  });
  return { fake, client, languages };
}

afterEach(() => {
  document.documentElement.lang = "";
});

test("it is the one that the page declares, at each call", async () => {
  const { client, languages } = calls();
  document.documentElement.lang = "ko";
  await client.auth.getSettings();
  document.documentElement.lang = "en";
  await client.auth.getSettings();
  document.documentElement.lang = "";
  await client.auth.getSettings();
  expect(languages).toEqual(["ko", "en", null]);
});

test("it is the one that the application names, which may change", async () => {
  let locale: string | undefined = "ko";
  const { client, languages } = calls({ locale: () => locale });
  await client.auth.getSettings();
  locale = "en";
  await client.auth.getSettings();
  await calls({ locale: "ko" }).client.auth.getSettings();
  expect(languages).toEqual(["ko", "en"]);
});

test("a call's own header goes first", async () => {
  const { client, languages } = calls({ locale: "ko" });
  await client.auth.getSettings({}, { headers: { "Latchkey-Locale": "en" } });
  expect(languages).toEqual(["en"]);
});

test("every call is made in it: a question about the session, and a renewal of tokens", async () => {
  const { fake, client, languages } = calls({ locale: "ko", tokenStore: memoryTokenStore() });
  fake.addUser({ email: "ada@example.com" });
  await client.auth.signIn({ email: "ada@example.com", password: fakePassword });
  fake.expireAccessTokens();
  await client.session.refetch();
  await client.account.getProfile();
  expect(fake.calls).toContain("refresh");
  expect(new Set(languages)).toEqual(new Set(["ko"]));
});
