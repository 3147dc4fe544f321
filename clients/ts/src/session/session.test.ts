import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createLatchkey, type Latchkey } from "../latchkey.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";
import type { Session } from "./session.js";

let fake: FakeLatchkey;
let latchkey: Latchkey;
const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const stops: (() => void)[] = [];

beforeEach(() => {
  fake = createFakeLatchkey();
  latchkey = fake.client;
});

afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

function watch(client: Latchkey): Session[] {
  const seen: Session[] = [];
  stops.push(client.session.subscribe((session) => seen.push(session)));
  return seen;
}

const signIn = (email: string) => latchkey.auth.signIn({ email, password: fakePassword });

test("nothing is fetched before the first subscriber", async () => {
  await Promise.resolve();
  expect(latchkey.session.getSnapshot()).toEqual({ status: "loading" });
  expect(fake.calls).toEqual([]);
});

test("the first subscriber learns that no user is signed in", async () => {
  const seen = watch(latchkey);
  await soon(() => expect(seen).toEqual([{ status: "signedOut" }]));
});

test("the first listener learns who is signed in since an earlier visit, and until when", async () => {
  const ada = fake.addUser({ email: "ada@example.com", role: "trainer" });
  fake.signIn(ada);
  watch(latchkey);
  await soon(() => expect(latchkey.session.getSnapshot().expiresAt).toBeInstanceOf(Date));
  expect(latchkey.session.getSnapshot()).toMatchObject({
    status: "signedIn",
    role: "trainer",
    user: { email: "ada@example.com" },
  });
});

test("many who ask at once cost one question", async () => {
  await Promise.all([latchkey.session.refetch(), latchkey.session.ready(), latchkey.session.refetch()]);
  expect(fake.calls).toEqual(["getSession"]);
});

test("a sign-in is known once the browser has kept its cookies, and a sign-out at once", async () => {
  fake.addUser({ email: "ada@example.com" });
  await signIn("ada@example.com");
  expect(latchkey.session.getSnapshot()).toMatchObject({
    status: "signedIn",
    role: "trainee",
    expiresAt: expect.any(Date),
  });
  await latchkey.session.signOut();
  expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut" });
  expect(fake.calls).toEqual(["signIn", "getSession", "signOut"]);
});

test("no token is there to be read", async () => {
  fake.addUser({ email: "ada@example.com" });
  const { tokens } = await signIn("ada@example.com");
  expect(tokens).toMatchObject({ accessToken: "", refreshToken: "" });
});

test("a refused sign-in leaves the session as it is", async () => {
  await latchkey.session.refetch();
  await expect(signIn("nobody@example.com")).rejects.toMatchObject({ reason: "CREDENTIALS_INVALID" });
  expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut" });
});

test("a snapshot is the same value until something changes", async () => {
  fake.signIn(fake.addUser());
  await latchkey.session.ready();
  await soon(() => expect(latchkey.session.getSnapshot().expiresAt).toBeDefined());
  const before = latchkey.session.getSnapshot();
  await latchkey.session.refetch();
  expect(latchkey.session.getSnapshot()).toBe(before);
  await latchkey.account.updateProfile({ nickname: "Countess" });
  expect(latchkey.session.getSnapshot()).toMatchObject({ user: { nickname: "Countess" }, expiresAt: before.expiresAt });
});

test("a session that was ended elsewhere is gone with the next call, and why is told", async () => {
  const ada = fake.addUser();
  fake.signIn(ada);
  await latchkey.session.ready();
  fake.endSessions(ada);
  await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason: "SESSION_REVOKED" });
  expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
});

test("signing out of a session that has ended already is no error", async () => {
  const ada = fake.addUser();
  fake.signIn(ada);
  await latchkey.session.ready();
  fake.endSessions(ada);
  await latchkey.session.signOut();
  expect(latchkey.session.getSnapshot().status).toBe("signedOut");
});

test("signing out without a connection fails, and the session stays", async () => {
  fake.signIn(fake.addUser());
  await latchkey.session.ready();
  fake.setOffline(true);
  await expect(latchkey.session.signOut()).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
  expect(latchkey.session.getSnapshot().status).toBe("signedIn");
});

test("what is heard late of an earlier session says nothing about the next one", async () => {
  const ada = fake.addUser({ email: "ada@example.com" });
  fake.addUser({ email: "bob@example.com" });
  fake.signIn(ada);
  await latchkey.session.ready();
  fake.endSessions(ada);
  const late = latchkey.account.listActivity({}).catch(({ reason }) => reason);
  const begun = signIn("bob@example.com");
  await Promise.all([late, begun]);
  await soon(() => expect(latchkey.session.getSnapshot()).toMatchObject({ user: { email: "bob@example.com" } }));
});

test("deleting the account and resetting its password end the session", async () => {
  fake.addUser({ email: "ada@example.com" });
  await signIn("ada@example.com");
  await latchkey.account.deleteAccount({});
  expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut" });
});

describe("a lost connection", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is told while nothing is known, and asked about again until an answer comes", async () => {
    fake.signIn(fake.addUser());
    fake.setOffline(true);
    const seen = watch(latchkey);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([{ status: "loading", error: expect.objectContaining({ reason: "NETWORK_FAILED" }) }]);
    await vi.advanceTimersByTimeAsync(5000);
    fake.setOffline(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(latchkey.session.getSnapshot().status).toBe("signedIn");
    const asked = fake.calls.filter((name) => name === "getSession").length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(fake.calls.filter((name) => name === "getSession")).toHaveLength(asked);
  });

  test("of any call makes the session be looked at again", async () => {
    const ada = fake.addUser();
    fake.signIn(ada);
    watch(latchkey);
    await vi.advanceTimersByTimeAsync(0);
    fake.setOffline(true);
    await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
    expect(latchkey.session.getSnapshot().status).toBe("signedIn");
    fake.endSessions(ada);
    fake.setOffline(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
  });

  test("lets ready() tell it", async () => {
    fake.setOffline(true);
    await expect(latchkey.session.ready()).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
  });

  test("is not refetched while there are no subscribers", async () => {
    fake.setOffline(true);
    const stop = latchkey.session.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(0);
    stop();
    const asked = fake.calls.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(fake.calls).toHaveLength(asked);
  });
});

test("an own transport gets the header that asks for cookies", async () => {
  const headers: Headers[] = [];
  const client = createLatchkey({
    transport: {
      ...fake.transport,
      unary: (method, signal, timeout, header, ...rest) => {
        headers.push(new Headers(header));
        return fake.transport.unary(method, signal, timeout, header, ...rest);
      },
    },
  });
  await client.auth.getSettings();
  expect(headers[0]?.get("Latchkey-Session")).toBe("cookie");
});
