// Two clients over one fake are two tabs of one browser. These run in a page, since programs have no tabs.
import { afterEach, expect, test, vi } from "vitest";
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
  const [here, there] = [0, 1].map(() => createLatchkey({ baseUrl, transport: fake.transport })) as [
    Latchkey,
    Latchkey,
  ];
  return { fake, here, there };
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
  expect(fake.calls.slice(asked)).toEqual(["signOut"]);
});

test("a tab speaks though nobody listens in it", async () => {
  const { fake, here, there } = twoTabs();
  fake.addUser({ email: "ada@example.com" });
  listen(there);
  await there.session.ready();
  await here.auth.signIn({ email: "ada@example.com", password: fakePassword });
  await soon(() => expect(there.session.getSnapshot().status).toBe("signedIn"));
});

test("a tab that nobody listened in for a while asks when somebody does again", async () => {
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

test("the other tabs learn why a session has ended that nobody signed out of", async () => {
  const { fake, here, there } = twoTabs();
  const ada = fake.addUser();
  fake.signIn(ada);
  listen(here, there);
  await Promise.all([here.session.ready(), there.session.ready()]);
  fake.endSessions(ada, "REFRESH_REUSED");
  await here.session.check();
  await soon(() => expect(there.session.getSnapshot()).toEqual({ status: "signedOut", reason: "REFRESH_REUSED" }));
});

test("a page that only signs out tells the others", async () => {
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
