// A browser that drops the cookies of a sign-in. These tests run in a page, because the message to operators depends on it.
import { createRouterTransport } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { slowly } from "../../test/held-answers.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import { createLatchkey } from "../latchkey.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";

let fake: FakeLatchkey;
const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);

beforeEach(() => {
  fake = createFakeLatchkey();
  fake.addUser({ email: "ada@example.com" });
  warn.mockClear();
});

afterEach(() => vi.unstubAllGlobals());

const credentials = { email: "ada@example.com", password: fakePassword };

async function prove(email: string, purpose: Purpose): Promise<string> {
  const { verificationId } = await fake.client.auth.sendCode({ purpose, email });
  await fake.client.auth.verifyCode({ verificationId, code: fake.codeFor(email) });
  return verificationId;
}

const signIns: Record<string, () => Promise<unknown>> = {
  "a password": () => fake.client.auth.signIn(credentials),
  "a code": async () =>
    fake.client.auth.signInWithCode({ verificationId: await prove("ada@example.com", Purpose.SIGN_IN) }),
  "a new account": async () =>
    fake.client.auth.signUp({
      email: "eve@example.com",
      name: "Eve",
      nickname: "eve",
      password: fakePassword,
      role: "trainee",
      verificationIds: [await prove("eve@example.com", Purpose.SIGN_UP)],
    }),
};

test.each(Object.keys(signIns))("a sign-in by %s fails when its cookies are not kept", async (how) => {
  await fake.client.session.ready();
  fake.setCookiesBlocked(true);
  await expect(signIns[how]?.()).rejects.toMatchObject({ reason: "COOKIES_BLOCKED" });
  expect(fake.client.session.getSnapshot()).toEqual({ status: "signedOut" });
  expect(warn).toHaveBeenCalledTimes(1);
});

test("a sign-in whose cookies are kept succeeds", async () => {
  await fake.client.auth.signIn(credentials);
  expect(fake.client.session.getSnapshot().status).toBe("signedIn");
  expect(warn).not.toHaveBeenCalled();
});

test("a sign-in counts even if its cookies cannot be checked", async () => {
  fake.refuseNext("getSession", "DEPENDENCY_DOWN");
  await fake.client.auth.signIn(credentials);
  expect(fake.client.session.getSnapshot().status).toBe("signedIn");
});

test("a sign-in with tokens needs no cookies", async () => {
  fake.setCookiesBlocked(true);
  let held: unknown;
  const client = fake.bearerClient({
    load: () => held as never,
    save: (tokens) => {
      held = tokens;
    },
    clear: () => undefined,
  });
  await client.auth.signIn(credentials);
  expect(client.session.getSnapshot().status).toBe("signedIn");
});

test("a sign-out of another tab meanwhile is not taken for it", async () => {
  const baseUrl = `https://${crypto.randomUUID()}.example`;
  const slow = slowly(fake.transport);
  const [here, there] = [slow, fake.transport].map((transport) => createLatchkey({ baseUrl, transport })) as [
    FakeLatchkey["client"],
    FakeLatchkey["client"],
  ];
  onTestFinished(here.session.subscribe(() => undefined));
  await here.session.ready();
  const held = slow.hold("signIn");
  const signIn = here.auth.signIn(credentials);
  await held.done;
  const told = noticeOf(baseUrl);
  await there.session.signOut();
  await told;
  held.release();
  await signIn;
  await vi.waitFor(() => expect(here.session.getSnapshot()).toEqual({ status: "signedOut" }));
  expect(warn).not.toHaveBeenCalled();
});

/** Waits until the tabs that share a server have been told something. */
function noticeOf(baseUrl: string): Promise<void> {
  const channel = new BroadcastChannel(`latchkey cookies ${baseUrl}/`);
  onTestFinished(() => channel.close());
  return new Promise((resolve) => {
    channel.onmessage = () => resolve();
  });
}

describe("an operator is told", () => {
  async function warning(page: string, baseUrl: string, cookieEnabled = true): Promise<string> {
    const { protocol, hostname, origin } = new URL(page);
    vi.stubGlobal("location", { protocol, hostname, origin });
    vi.stubGlobal("navigator", { cookieEnabled });
    const transport = createRouterTransport(({ service }) =>
      service(AuthService, {
        signIn: () => ({ user: { id: "usr_1" }, tokens: {} }),
        getSession: () => ({ session: { case: "empty" as const, value: {} } }),
      }),
    );
    const error = await createLatchkey({ baseUrl, transport })
      .auth.signIn(credentials)
      .catch((caught) => caught);
    expect(error.reason).toBe("COOKIES_BLOCKED");
    expect(warn).toHaveBeenCalledWith(`Latchkey: ${error.rawMessage}`);
    return error.rawMessage;
  }

  test("of a page on another site", async () => {
    const text = await warning("https://app.example.org", "https://auth.example.com");
    expect(text).toMatch(/https:\/\/app\.example\.org.*https:\/\/auth\.example\.com.*LATCHKEY_COOKIE_SAMESITE=none/);
  });

  test("of a browser that blocks all cookies", async () => {
    expect(await warning("https://a.example", "https://a.example", false)).toMatch(/blocks all cookies of/);
  });

  test("of cookies that need https", async () => {
    expect(await warning("http://a.example", "http://a.example")).toMatch(/need https/);
  });

  test("of an extension in the way", async () => {
    expect(await warning("https://a.example", "https://a.example")).toMatch(/extension/);
  });
});
