// Two clients over one fake are two tabs of one browser. These run in a page, since programs have no tabs.
import { afterEach, expect, test, vi } from "vitest";
import { memoryTokenStore } from "../bearer/token-store.js";
import { createLatchkey, type Latchkey } from "../latchkey.js";
import { createFakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";

const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

function twoTabs() {
  const fake = createFakeLatchkey();
  const baseUrl = `https://${crypto.randomUUID()}.example`;
  /** Of the channel between the tabs. */
  const name = `latchkey cookies ${baseUrl}/`;
  const [here, there] = [0, 1].map(() => createLatchkey({ baseUrl, transport: fake.transport })) as [
    Latchkey,
    Latchkey,
  ];
  return { fake, here, there, baseUrl, name };
}

function listen(...tabs: Latchkey[]): void {
  stops.push(...tabs.map((tab) => tab.session.subscribe(() => undefined)));
}

test("the other tabs see a sign-in, a change and a sign-out", async () => {
  const { fake, here, there } = twoTabs();
  fake.addUser({ email: "ada@example.com" });
  listen(here, there);
  await Promise.all([here.session.ready(), there.session.ready()]);

  await here.auth.signIn({ email: "ada@example.com", password: fakePassword });
  await soon(() => expect(there.session.getSnapshot()).toMatchObject({ user: { email: "ada@example.com" } }));

  await there.account.updateProfile({ nickname: "Countess" });
  await soon(() => expect(here.session.getSnapshot()).toMatchObject({ user: { nickname: "Countess" } }));

  const asked = fake.calls.length;
  await here.session.signOut();
  await soon(() => expect(there.session.getSnapshot()).toEqual({ status: "signedOut" }));
  // It has asked by itself, and believed nothing that it was told.
  expect(fake.calls.slice(asked)).toEqual(["signOut", "getSession"]);
});

test.each([
  ["that a user has signed out", { type: "ask", cause: "signedOut" }],
  ["that the session was revoked", { type: "ask", cause: "SESSION_REVOKED" }],
  ["a reason that this version does not know", { type: "ask", cause: "MOON_FULL" }],
  ["what an older version told", "ended"],
  ["what an older version told of a refusal", { ended: "SESSION_REVOKED" }],
  ["a message that no version sends", null],
])("a tab believes nothing that it is told: %s", async (_, notice) => {
  const { fake, here, name } = twoTabs();
  fake.signIn(fake.addUser({ email: "ada@example.com" }));
  const seen: string[] = [];
  stops.push(here.session.subscribe(({ status }) => seen.push(status)));
  await here.session.ready();
  const asked = fake.calls.length;
  const channel = new BroadcastChannel(name);
  stops.push(() => channel.close());
  channel.postMessage(notice);
  await soon(() => expect(fake.calls.length).toBe(asked + 1));
  await here.session.refetch();
  expect(seen).toEqual(["signedIn"]);
});

test("a tab that is told many things at once asks once", async () => {
  const { fake, here, name } = twoTabs();
  fake.signIn(fake.addUser());
  listen(here);
  await here.session.ready();
  const asked = fake.calls.length;
  const channel = new BroadcastChannel(name);
  stops.push(() => channel.close());
  for (let times = 0; times < 30; times++) {
    channel.postMessage({ type: "ask" });
  }
  await soon(() => expect(fake.calls.length).toBeGreaterThan(asked));
  await here.session.refetch();
  expect(fake.calls.length - asked).toBeLessThanOrEqual(3);
});

test("ten tabs whose calls are refused at once do not keep each other asking", async () => {
  const { fake, baseUrl } = twoTabs();
  const ada = fake.addUser();
  fake.signIn(ada);
  const tabs = Array.from({ length: 10 }, () => createLatchkey({ baseUrl, transport: fake.transport }));
  listen(...tabs);
  await Promise.all(tabs.map(({ session }) => session.ready()));
  fake.endSessions(ada);
  const before = fake.calls.length;
  await Promise.allSettled(tabs.map(({ account }) => account.listActivity({})));
  for (const { session } of tabs) {
    await soon(() => expect(session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" }));
  }
  // Each has asked for its own refusal, and at most a few times more for those of the others.
  await Promise.all(tabs.map(({ session }) => session.refetch()));
  const questions = fake.calls.slice(before).filter((method) => method === "getSession").length;
  expect(questions).toBeLessThanOrEqual(50);
});

test("a sign-out in one tab explains the refusal in another one", async () => {
  const { fake, here, there } = twoTabs();
  fake.signIn(fake.addUser());
  listen(here, there);
  await Promise.all([here.session.ready(), there.session.ready()]);
  await here.session.signOut();
  await there.account.listActivity({}).catch(() => undefined);
  await soon(() => expect(there.session.getSnapshot()).toMatchObject({ status: "signedOut" }));
});

test("tabs that share a token store follow each other as well", async () => {
  const { fake, baseUrl } = twoTabs();
  fake.addUser({ email: "ada@example.com" });
  fake.addUser({ email: "bob@example.com" });
  const tokenStore = memoryTokenStore();
  const [here, there] = [0, 1].map(() => createLatchkey({ baseUrl, tokenStore, transport: fake.transport })) as [
    Latchkey,
    Latchkey,
  ];
  listen(here, there);
  await here.auth.signIn({ email: "ada@example.com", password: fakePassword });
  await soon(() => expect(there.session.getSnapshot()).toMatchObject({ user: { email: "ada@example.com" } }));
  await there.auth.signIn({ email: "bob@example.com", password: fakePassword });
  await soon(() => expect(here.session.getSnapshot()).toMatchObject({ user: { email: "bob@example.com" } }));
  await here.session.signOut();
  await soon(() => expect(there.session.getSnapshot()).toEqual({ status: "signedOut" }));
});

test("a tab without subscribers notifies the others", async () => {
  const { fake, here, there } = twoTabs();
  fake.addUser({ email: "ada@example.com" });
  listen(there);
  await there.session.ready();
  await here.auth.signIn({ email: "ada@example.com", password: fakePassword });
  await soon(() => expect(there.session.getSnapshot().status).toBe("signedIn"));
});

test("a tab that had no subscribers for a while refetches for the next one", async () => {
  const { fake, here, there } = twoTabs();
  fake.addUser({ email: "ada@example.com" });
  const stop = there.session.subscribe(() => undefined);
  listen(here);
  await here.auth.signIn({ email: "ada@example.com", password: fakePassword });
  await soon(() => expect(there.session.getSnapshot().status).toBe("signedIn"));
  stop();
  await here.session.signOut();
  listen(there);
  await soon(() => expect(there.session.getSnapshot().status).toBe("signedOut"));
});

test("the other tabs learn why a session has ended without a sign-out", async () => {
  const { fake, here, there } = twoTabs();
  const ada = fake.addUser();
  fake.signIn(ada);
  listen(here, there);
  await Promise.all([here.session.ready(), there.session.ready()]);
  fake.endSessions(ada, "REFRESH_REUSED");
  await here.account.listActivity({}).catch(() => undefined);
  await soon(() => expect(there.session.getSnapshot()).toEqual({ status: "signedOut", reason: "REFRESH_REUSED" }));
});

test("a page that only signs out notifies the others", async () => {
  const { fake, here, there } = twoTabs();
  fake.signIn(fake.addUser());
  listen(there);
  await there.session.ready();
  await here.session.signOut();
  await soon(() => expect(there.session.getSnapshot()).toEqual({ status: "signedOut" }));
});

test("a page that comes back from the browser's memory asks again, and so does one that is online again", async () => {
  const { fake, here } = twoTabs();
  const ada = fake.addUser();
  fake.signIn(ada);
  listen(here);
  await here.session.ready();
  fake.endSessions(ada);
  globalThis.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await soon(() => expect(here.session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" }));

  fake.signIn(ada);
  globalThis.dispatchEvent(new Event("online"));
  await soon(() => expect(here.session.getSnapshot().status).toBe("signedIn"));
});

test("a browser that lets tabs not speak to each other has a session all the same", async () => {
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      constructor() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      }
    },
  );
  stops.push(() => void vi.unstubAllGlobals());
  const { fake, here } = twoTabs();
  fake.addUser({ email: "ada@example.com" });
  listen(here);
  await here.auth.signIn({ email: "ada@example.com", password: fakePassword });
  expect(here.session.getSnapshot().status).toBe("signedIn");
  await here.session.signOut();
  expect(here.session.getSnapshot()).toEqual({ status: "signedOut" });
});
