import { beforeEach, describe, expect, test } from "vitest";
import { slowly } from "../../test/held-answers.js";
import { createLatchkey, type Latchkey } from "../latchkey.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";
import { memoryTokenStore, type StoredTokens, type TokenStore } from "./token-store.js";

let fake: FakeLatchkey;
let store: TokenStore;
let latchkey: Latchkey;
let ada: ReturnType<FakeLatchkey["addUser"]>;

beforeEach(() => {
  fake = createFakeLatchkey();
  store = memoryTokenStore();
  latchkey = fake.bearerClient(store);
  ada = fake.addUser({ email: "ada@example.com" });
});

const signIn = () => latchkey.auth.signIn({ email: "ada@example.com", password: fakePassword });

test("without tokens no user is signed in, and no request is sent", async () => {
  expect(await latchkey.session.ready()).toEqual({ status: "signedOut" });
  expect(fake.calls).toEqual([]);
});

test("tokens are kept at sign-in and let go at sign-out", async () => {
  await signIn();
  expect(await store.load()).toMatchObject({
    accessToken: expect.stringContaining("access."),
    refreshToken: expect.any(String),
  });
  expect(latchkey.session.getSnapshot()).toMatchObject({ status: "signedIn", expiresAt: expect.any(Date) });
  await latchkey.account.getProfile();
  await latchkey.session.signOut();
  expect(await store.load()).toBeUndefined();
});

test("a later client finds the session in the store", async () => {
  await signIn();
  const later = fake.bearerClient(store);
  expect(await later.session.ready()).toMatchObject({ status: "signedIn", user: { id: ada.id } });
  await expect.poll(() => later.session.getSnapshot().expiresAt).toBeInstanceOf(Date);
});

describe("an expired access token", () => {
  beforeEach(async () => {
    await signIn();
    fake.expireAccessTokens();
  });

  test("is renewed once, however many calls need it", async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => latchkey.account.getProfile()));
    expect(fake.calls.filter((name) => name === "refresh")).toHaveLength(1);
    expect(latchkey.session.getSnapshot().status).toBe("signedIn");
  });

  test("is renewed before the call when the clock says that it has ended", async () => {
    const held = await store.load();
    await store.save({ ...(held as NonNullable<typeof held>), accessExpiresAt: Date.now() - 1 });
    await latchkey.account.getProfile();
    expect(fake.calls).toEqual(["signIn", "refresh", "getProfile"]);
  });

  test("ends the session when it cannot be renewed", async () => {
    fake.endSessions(ada);
    await expect(latchkey.account.getProfile()).rejects.toMatchObject({ reason: "SESSION_REVOKED" });
    expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
    expect(await store.load()).toBeUndefined();
  });

  test("keeps the session when the connection is lost meanwhile", async () => {
    fake.setOffline(true);
    await expect(latchkey.account.getProfile()).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
    expect(latchkey.session.getSnapshot().status).toBe("signedIn");
    fake.setOffline(false);
    await latchkey.account.getProfile();
  });

  test("that was renewed by another process is taken from the store", async () => {
    await fake.bearerClient(store).account.getProfile();
    await latchkey.account.getProfile();
    expect(fake.calls.filter((name) => name === "refresh")).toHaveLength(1);
  });

  test("is not brought back by a renewal that a sign-in has overtaken", async () => {
    const bob = fake.addUser({ email: "bob@example.com" });
    const late = latchkey.account.getProfile().catch(() => undefined);
    await latchkey.auth.signIn({ email: "bob@example.com", password: fakePassword });
    await late;
    expect(await latchkey.account.getProfile()).toMatchObject({ user: { id: bob.id } });
  });
});

test("public calls carry no token", async () => {
  await signIn();
  await store.save({
    accessToken: "broken",
    accessExpiresAt: Date.now() + 1e6,
    refreshToken: "broken",
    refreshExpiresAt: 0,
  });
  await latchkey.auth.getSettings();
  expect(latchkey.session.getSnapshot().status).toBe("signedIn");
  await expect(latchkey.account.getProfile()).rejects.toMatchObject({ reason: "TOKEN_INVALID" });
  expect(latchkey.session.getSnapshot()).toEqual({ status: "signedOut", reason: "TOKEN_INVALID" });
});

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("a token is renewed once, even if the store returns it late to some callers", async () => {
  const inner = memoryTokenStore();
  let loads = 0;
  latchkey = fake.bearerClient({
    ...inner,
    load: async () => {
      const held = inner.load();
      await wait(++loads % 2 === 0 ? 60 : 0);
      return held;
    },
  });
  await signIn();
  const held = (await inner.load()) as StoredTokens;
  await inner.save({ ...held, accessExpiresAt: Date.now() - 1 });
  loads = 0;
  await Promise.all([latchkey.account.getProfile(), latchkey.account.getProfile()]);
  expect(fake.calls.filter((name) => name === "refresh")).toHaveLength(1);
});

test("nothing is kept of a session that ends while it is being kept", async () => {
  const inner = memoryTokenStore();
  let started: () => void = () => undefined;
  const saving = new Promise<void>((resolve) => {
    started = resolve;
  });
  let slow = false;
  latchkey = fake.bearerClient({
    ...inner,
    save: async (tokens) => {
      if (slow) {
        started();
        await wait(60);
      }
      await inner.save(tokens);
    },
  });
  await signIn();
  fake.expireAccessTokens();
  slow = true;
  const renewing = latchkey.account.getProfile();
  await saving;
  fake.endSessions(ada);
  await Promise.allSettled([renewing, latchkey.account.listSessions()]);
  expect(await inner.load()).toBeUndefined();
  expect(latchkey.session.getSnapshot()).toMatchObject({ status: "signedOut" });
});

test("a store that fails is not called a lost connection", async () => {
  const broken: TokenStore = {
    ...memoryTokenStore(),
    load: () => {
      throw new TypeError("Cannot read properties of undefined");
    },
  };
  await expect(fake.bearerClient(broken).account.getProfile()).rejects.toMatchObject({ reason: "INTERNAL" });
});

describe("another process with the same store", () => {
  async function expired() {
    const held = (await store.load()) as StoredTokens;
    await store.save({ ...held, accessExpiresAt: Date.now() - 1 });
  }

  test("that has signed in again is not signed out by a refusal of the session before", async () => {
    await signIn();
    await latchkey.session.ready();
    const former = (await store.load()) as StoredTokens;
    // This process still has the former tokens in hand when the other one replaces them.
    let stale = true;
    const here = fake.bearerClient({ ...store, load: () => (stale ? former : store.load()) });
    await here.session.ready();
    fake.endSessions(ada);
    await fake.bearerClient(store).auth.signIn({ email: "ada@example.com", password: fakePassword });
    const call = here.account.listActivity({});
    stale = false;
    await call;
    expect(here.session.getSnapshot()).toMatchObject({ status: "signedIn", user: { id: ada.id } });
    expect(await store.load()).toBeDefined();
  });

  test("that has signed another user in is followed, and nothing is done in their name", async () => {
    await signIn();
    await latchkey.session.ready();
    const bob = fake.addUser({ email: "bob@example.com" });
    const other = fake.bearerClient(store);
    await other.auth.signIn({ email: "bob@example.com", password: fakePassword });
    fake.refuseNext("updateProfile", "SESSION_REVOKED");
    await expect(latchkey.account.updateProfile({ nickname: "countess" })).rejects.toMatchObject({
      reason: "SESSION_REVOKED",
    });
    expect(latchkey.session.getSnapshot()).toMatchObject({ user: { id: bob.id } });
    expect((await other.account.getProfile()).user?.nickname).toBe(bob.nickname);
  });

  test("that signs in while tokens are renewed keeps what it has stored", async () => {
    await signIn();
    await expired();
    const bob = fake.addUser({ email: "bob@example.com" });
    const slow = slowly(fake.transport);
    const here = createLatchkey({ transport: slow, tokenStore: store });
    const renewal = slow.hold("refresh");
    const call = here.account.getProfile().catch(() => undefined);
    await renewal.done;
    await fake.bearerClient(store).auth.signIn({ email: "bob@example.com", password: fakePassword });
    renewal.release();
    await call;
    expect(await fake.bearerClient(store).session.ready()).toMatchObject({ user: { id: bob.id } });
  });

  test("that has signed out signs this one out too", async () => {
    await signIn();
    await latchkey.session.ready();
    await fake.bearerClient(store).session.signOut();
    expect(await latchkey.session.refetch()).toMatchObject({ status: "signedOut" });
  });
});

test("a session whose tokens can be renewed no more ends for the reason of the refusal", async () => {
  await signIn();
  fake.expireAccessTokens();
  fake.endSessions(ada, "REFRESH_REUSED");
  expect(await latchkey.session.refetch()).toEqual({ status: "signedOut", reason: "REFRESH_REUSED" });
  expect(await store.load()).toBeUndefined();
});

test("a question about tokens that cannot be asked keeps them", async () => {
  await signIn();
  fake.refuseNext("getSession", "INTERNAL");
  expect(await latchkey.session.refetch()).toMatchObject({ status: "signedIn", error: { reason: "INTERNAL" } });
  expect(await store.load()).toBeDefined();
});
