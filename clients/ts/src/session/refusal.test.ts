// What follows when a call is refused for its credentials: never the end of a session by itself.
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { slowly } from "../../test/held-answers.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { createLatchkey, type Latchkey } from "../latchkey.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";
import type { ServerReason } from "../testing/refusal.js";
import type { Session } from "./session.js";

let fake: FakeLatchkey;
let ada: User;
let transport: ReturnType<typeof slowly>;
let latchkey: Latchkey;

beforeEach(async () => {
  fake = createFakeLatchkey();
  ada = fake.addUser({ email: "ada@example.com", nickname: "ada" });
  fake.signIn(ada);
  transport = slowly(fake.transport);
  latchkey = createLatchkey({ transport });
  await latchkey.session.ready();
});

/** Another tab of the same browser, which speaks of nothing. */
const otherTab = () => createLatchkey({ transport: fake.transport });
const signIn = (client: Latchkey, email = "ada@example.com") => client.auth.signIn({ email, password: fakePassword });
const snapshot = () => latchkey.session.getSnapshot();
const count = (method: string) => fake.calls.filter((name) => name === method).length;

const reasons: readonly ServerReason[] = [
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "SESSION_REVOKED",
  "REFRESH_REUSED",
  "ACCOUNT_DISABLED",
];

test.each(reasons)("a call that %s refuses is sent again when the session lives", async (reason) => {
  const seen: Session[] = [];
  onTestFinished(latchkey.session.subscribe((session) => seen.push(session)));
  fake.refuseNext("listActivity", reason);
  await latchkey.account.listActivity({});
  expect(count("listActivity")).toBe(2);
  expect(seen.filter(({ status }) => status !== "signedIn")).toEqual([]);
});

test.each(reasons)("a session that is over ends for the reason of the refusal: %s", async (reason) => {
  fake.endSessions(ada, reason);
  await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason });
  expect(snapshot()).toEqual({ status: "signedOut", reason });
  expect(count("listActivity")).toBe(1);
});

test("of several refusals at once, the one that explains most is told", async () => {
  fake.endSessions(ada);
  fake.refuseNext("listActivity", "SESSION_REVOKED");
  fake.refuseNext("listActivity", "REFRESH_REUSED");
  fake.refuseNext("listActivity", "SESSION_REVOKED");
  await Promise.allSettled([1, 2, 3].map(() => latchkey.account.listActivity({})));
  expect(snapshot()).toEqual({ status: "signedOut", reason: "REFRESH_REUSED" });
});

test("a call is sent again once, and not for ever", async () => {
  fake.refuseNext("listActivity", "SESSION_REVOKED");
  fake.refuseNext("listActivity", "SESSION_REVOKED");
  await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason: "SESSION_REVOKED" });
  expect(snapshot().status).toBe("signedIn");
  expect(count("listActivity")).toBe(2);
});

test("a call that its caller has given up is not sent again", async () => {
  const giveUp = new AbortController();
  const late = transport.hold("listActivity");
  fake.refuseNext("listActivity", "SESSION_REVOKED");
  const call = latchkey.account.listActivity({}, { signal: giveUp.signal });
  await late.done;
  giveUp.abort();
  late.release();
  await expect(call).rejects.toMatchObject({ reason: "SESSION_REVOKED" });
  expect(count("listActivity")).toBe(1);
});

test("a change that was meant for one user is not made for another one", async () => {
  const bob = fake.addUser({ email: "bob@example.com", nickname: "bob" });
  fake.refuseNext("updateProfile", "SESSION_REVOKED");
  fake.signIn(bob);
  await expect(latchkey.account.updateProfile({ nickname: "countess" })).rejects.toMatchObject({
    reason: "SESSION_REVOKED",
  });
  expect(snapshot().user?.nickname).toBe("bob");
  expect(count("updateProfile")).toBe(1);
});

test("many refusals at once cost one question", async () => {
  fake.endSessions(ada);
  const before = count("getSession");
  const calls = Array.from({ length: 20 }, () => latchkey.account.listActivity({}));
  await Promise.allSettled(calls);
  expect(count("getSession") - before).toBeLessThanOrEqual(2);
});

test("an answer from before the refusal is not believed", async () => {
  const early = transport.hold("getSession");
  const check = latchkey.session.refetch();
  await early.done;
  fake.endSessions(ada);
  const refused = latchkey.account.listActivity({}).catch(({ reason }) => reason);
  await expect.poll(() => count("listActivity")).toBe(1);
  early.release();
  await check;
  expect(await refused).toBe("SESSION_REVOKED");
  expect(snapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
});

describe("another tab", () => {
  test("that signs in again as the same user disturbs no call that is under way", async () => {
    const late = transport.hold("listActivity");
    const call = latchkey.account.listActivity({});
    // Refused with the replaced session's cookies, as the server does it.
    fake.refuseNext("listActivity", "SESSION_REVOKED");
    const second = latchkey.account.listActivity({});
    await signIn(otherTab());
    await late.done;
    late.release();
    await Promise.all([call, second]);
    expect(snapshot()).toMatchObject({ status: "signedIn", user: { nickname: "ada" } });
  });

  test("that signs in as another user is found by a refusal", async () => {
    fake.addUser({ email: "bob@example.com", nickname: "bob" });
    const late = transport.hold("listActivity");
    fake.refuseNext("listActivity", "SESSION_REVOKED");
    const call = latchkey.account.listActivity({}).catch(({ reason }) => reason);
    await late.done;
    await signIn(otherTab(), "bob@example.com");
    late.release();
    expect(await call).toBe("SESSION_REVOKED");
    expect(snapshot()).toMatchObject({ status: "signedIn", user: { nickname: "bob" } });
  });

  test("that signs out first and then in leaves the same user signed in", async () => {
    const late = transport.hold("listActivity");
    fake.refuseNext("listActivity", "SESSION_REVOKED");
    const call = latchkey.account.listActivity({});
    await late.done;
    const other = otherTab();
    await other.session.signOut();
    await signIn(other);
    late.release();
    await call;
    expect(snapshot()).toMatchObject({ status: "signedIn", user: { nickname: "ada" } });
  });
});

describe("a sign-in here", () => {
  test("is not disturbed by a refusal of the session that it replaces", async () => {
    const seen: Session[] = [];
    onTestFinished(latchkey.session.subscribe((session) => seen.push(session)));
    const slow = transport.hold("signIn");
    const again = signIn(latchkey);
    await slow.done;
    fake.refuseNext("listActivity", "SESSION_REVOKED");
    const call = latchkey.account.listActivity({});
    await expect.poll(() => count("listActivity")).toBe(1);
    // Asked now, the server might say that no user is signed in: the new cookies are still on their way.
    expect(count("getSession")).toBe(1);
    slow.release();
    await Promise.all([again, call]);
    expect(seen.filter(({ status }) => status !== "signedIn")).toEqual([]);
  });

  test("whose refusals come late says who is signed in", async () => {
    const late = transport.hold("listActivity");
    fake.refuseNext("listActivity", "SESSION_REVOKED");
    const call = latchkey.account.listActivity({});
    await late.done;
    await signIn(latchkey);
    const asked = count("getSession");
    late.release();
    await call;
    expect(snapshot().status).toBe("signedIn");
    // What is known is newer than the refusal.
    expect(count("getSession")).toBe(asked);
  });
});

describe("a server that cannot be asked", () => {
  test("leaves what was known, and is asked again", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    onTestFinished(latchkey.session.subscribe(() => undefined));
    fake.refuseNext("listActivity", "SESSION_REVOKED");
    fake.refuseNext("getSession", "DEPENDENCY_DOWN");
    await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason: "DEPENDENCY_DOWN" });
    expect(snapshot()).toMatchObject({
      status: "signedIn",
      user: { nickname: "ada" },
      error: { reason: "DEPENDENCY_DOWN" },
    });
    fake.endSessions(ada);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(snapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
  });

  test.each(["INTERNAL", "UNIMPLEMENTED", "TOO_MANY_ATTEMPTS"] as const)(
    "for a reason that does not pass by itself is asked again as well: %s",
    async (reason) => {
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      const page = otherTab();
      fake.refuseNext("getSession", reason, { retryAfter: 4_000 });
      onTestFinished(page.session.subscribe(() => undefined));
      await vi.advanceTimersByTimeAsync(3_900);
      expect(page.session.getSnapshot()).toMatchObject({ status: "loading", error: { reason } });
      await vi.advanceTimersByTimeAsync(200);
      expect(page.session.getSnapshot()).toMatchObject({ status: "signedIn" });
      expect(page.session.getSnapshot().error).toBeUndefined();
    },
  );

  test("is asked at once when it answers anything else", async () => {
    onTestFinished(latchkey.session.subscribe(() => undefined));
    fake.setOffline(true);
    await latchkey.session.refetch();
    expect(snapshot().error?.reason).toBe("NETWORK_FAILED");
    fake.setOffline(false);
    await latchkey.auth.getSettings();
    await vi.waitFor(() => expect(snapshot().error).toBeUndefined());
  });
});

describe("ROLE_REQUIRED", () => {
  test("makes the role be asked for", async () => {
    fake.changeUser(ada, { role: "trainer" });
    fake.refuseNext("listActivity", "ROLE_REQUIRED");
    await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason: "ROLE_REQUIRED" });
    await expect.poll(() => snapshot().role).toBe("trainer");
  });

  test("costs one question, however often it comes while the role stays", async () => {
    for (let times = 0; times < 5; times++) {
      fake.refuseNext("listActivity", "ROLE_REQUIRED");
      await latchkey.account.listActivity({}).catch(() => undefined);
      await latchkey.session.refetch();
    }
    // Those five, the first one of the page, and one for the role.
    expect(count("getSession")).toBeLessThanOrEqual(7);
  });
});

test("a session whose time was up has ended for that reason", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const { expiresAt } = snapshot();
  vi.setSystemTime((expiresAt?.getTime() ?? 0) + 1);
  fake.expireCookies();
  await expect(latchkey.account.listActivity({})).rejects.toMatchObject({ reason: "TOKEN_MISSING" });
  expect(snapshot()).toEqual({ status: "signedOut", reason: "TOKEN_EXPIRED" });
});

test("a sign-out that is refused since the session was replaced ends the session that has taken its place", async () => {
  fake.refuseNext("signOut", "SESSION_REVOKED");
  await latchkey.session.signOut();
  expect(snapshot()).toEqual({ status: "signedOut" });
  expect(await otherTab().session.ready()).toEqual({ status: "signedOut" });
});

test("a sign-out does not sign out another user, who has signed in at another tab", async () => {
  fake.addUser({ email: "bob@example.com", nickname: "bob" });
  fake.refuseNext("signOut", "SESSION_REVOKED");
  await signIn(otherTab(), "bob@example.com");
  await latchkey.session.signOut();
  expect(snapshot()).toMatchObject({ status: "signedIn", user: { nickname: "bob" } });
});
