// Two tabs of one browser, and a server whose answers come in the order that the test chooses. Each tab is a page that is nothing
// but a client of the package; the pages of the product follow in tabs.test.ts.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Browser, browserNames, type Profile, startBrowser } from "./browsers";
import { signUp } from "./calls";
import { clientPage } from "./client-page/build";
import type { ClientPage } from "./client-page/main";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, startServer } from "./server";
import { type OwnPages, type SlowProxy, startProxy } from "./slow-proxy";

let server: RunningServer;
let proxy: SlowProxy;
let pages: OwnPages;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  if (!inject("server")) {
    return;
  }
  [server, pages] = await Promise.all([startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off" }), clientPage()]);
  ada = newPerson();
  bob = newPerson();
  const outbox = new Outbox(server.origin);
  await Promise.all([ada, bob].map((person) => signUp(server.origin, outbox, person)));
});

afterAll(() => server?.remove());

/** Does something on the page of a tab. */
type Does = <Name extends keyof ClientPage>(
  what: Name,
  ...given: Parameters<ClientPage[Name]>
) => Promise<Awaited<ReturnType<ClientPage[Name]>>>;

describe.each(browserNames)("in %s", (name) => {
  let browser: Browser | undefined;
  let profile: Profile;

  beforeAll(async () => {
    browser = await startBrowser(name);
  });

  afterAll(() => browser?.close());

  beforeEach(async ({ skip }) => {
    skip(!browser, `there is no ${name}`);
    [profile, proxy] = await Promise.all([(browser as Browser).newProfile(), startProxy(server.origin, pages)]);
  });

  afterEach(async () => {
    await profile?.close();
    await proxy?.stop();
  });

  async function openTab(): Promise<Does> {
    const tab = await profile.newTab();
    await tab.goto(`${proxy.origin}/client`);
    return (what, ...given) =>
      tab.evaluate(
        // The page runs this: it knows no names of this file.
        ([method, values]) => (globalThis.clientPage[method] as (...all: unknown[]) => unknown)(...values),
        [what, given] as [keyof ClientPage, unknown[]],
      ) as never;
  }

  const signsIn = (does: Does, { email, password }: Person) => does("signIn", email, password);
  const as = ({ email }: Person) => `signedIn ${email}`;

  /** Two tabs, in both of which Ada is signed in. */
  async function twoTabs(): Promise<[Does, Does]> {
    const here = await openTab();
    expect(await signsIn(here, ada)).toBe("done");
    const there = await openTab();
    await is(there, as(ada));
    await settled();
    await Promise.all([here("forget"), there("forget")]);
    return [here, there];
  }

  const is = (does: Does, session: string) => expect.poll(() => does("session")).toBe(session);

  /** Waits until the tabs have asked what they were told to ask. */
  async function settled() {
    let before = -1;
    await expect
      .poll(
        () => {
          const now = proxy.count("GetSession");
          const same = now === before;
          before = now;
          return same;
        },
        { interval: 1_200 },
      )
      .toBe(true);
  }

  /** The session of a tab is still this one, and was never another one. */
  async function wasAlways(does: Does, session: string) {
    expect(await does("session")).toBe(session);
    expect(new Set([session, ...(await does("seen"))])).toEqual(new Set([session]));
  }

  test("a call that was sent before another tab signed in again is done all the same", async () => {
    const [here, there] = await twoTabs();
    const late = proxy.holdRequest("ListActivity");
    const call = there("listActivity");
    await late.reached;
    expect(await signsIn(here, ada)).toBe("done");
    late.release();
    expect(await call).toBe("done");
    await settled();
    await wasAlways(here, as(ada));
    await wasAlways(there, as(ada));
    expect(await there("check")).toBe(as(ada));
  });

  test("a call that is rejected while new cookies are on their way does not sign the user out", async () => {
    const [here, there] = await twoTabs();
    const slow = proxy.holdResponse("SignIn");
    const again = signsIn(here, ada);
    await slow.reached;
    // The server has ended the session of these cookies, and the browser has no others yet.
    const calls = [there("listActivity"), here("listActivity"), there("check")];
    await expect.poll(() => proxy.count("ListActivity")).toBe(2);
    slow.release();
    expect(await again).toBe("done");
    expect(await Promise.all(calls)).toEqual(["done", "done", as(ada)]);
    await settled();
    await wasAlways(here, as(ada));
    await wasAlways(there, as(ada));
  });

  test("a late error, long after another tab has signed in, does not sign the user out", async () => {
    const [here, there] = await twoTabs();
    const early = proxy.holdRequest("ListActivity");
    const call = there("listActivity");
    await early.reached;
    const answer = proxy.holdResponse("ListActivity");
    expect(await signsIn(here, ada)).toBe("done");
    early.release();
    await answer.reached;
    await settled();
    answer.release();
    expect(await call).toBe("done");
    await wasAlways(there, as(ada));
  });

  test("another user takes the place of the first one in both tabs, and nothing is done in the new name", async () => {
    const [here, there] = await twoTabs();
    const late = proxy.holdRequest("UpdateProfile");
    const rename = there("rename", "Changed by a form of the first user");
    await late.reached;
    expect(await signsIn(here, bob)).toBe("done");
    late.release();
    expect(await rename).toBe("SESSION_REVOKED");
    await is(there, as(bob));
    await is(here, as(bob));
    expect(await there("name")).toBe(bob.name);
    expect(await there("seen")).toEqual([as(bob)]);
  });

  test.each([
    ["the first user's", "old"],
    ["the second user's", "new"],
  ])("an answer about another user is not mixed with the first: %s comes last", async (_, last) => {
    const [here, there] = await twoTabs();
    const early = proxy.holdResponse("GetSession");
    const check = there("check");
    await early.reached;
    expect(await signsIn(here, bob)).toBe("done");
    if (last === "new") {
      early.release();
      await check;
    }
    const late = there("name");
    if (last === "old") {
      expect(await late).toBe(bob.name);
      early.release();
      await check;
    }
    await late;
    await is(there, as(bob));
    await settled();
    expect(await there("session")).toBe(as(bob));
  });

  test("an old response without a user does not end a session that was started in the meantime", async () => {
    const [here, there] = await twoTabs();
    const old = proxy.holdResponse("GetSession");
    expect(await here("signOut")).toBe("done");
    // The other tab was told to ask, and its answer, that no user is signed in, is on its way.
    await old.reached;
    expect(await signsIn(here, ada)).toBe("done");
    await expect.poll(() => here("session")).toBe(as(ada));
    old.release();
    await settled();
    await is(there, as(ada));
    await wasAlways(there, as(ada));
  });

  test("a sign-out reaches the other tab, and so does the sign-in after it", async () => {
    const [here, there] = await twoTabs();
    expect(await here("signOut")).toBe("done");
    await is(there, "signedOut");
    expect(await signsIn(here, ada)).toBe("done");
    await is(there, as(ada));
    expect(await there("seen")).toEqual(["signedOut", as(ada)]);
  });

  test("a sign-out in both tabs at once signs both out", async () => {
    const [here, there] = await twoTabs();
    expect(await Promise.all([here("signOut"), there("signOut")])).toEqual(["done", "done"]);
    await Promise.all([is(here, "signedOut"), is(there, "signedOut")]);
    expect(await (await openTab())("check")).toBe("signedOut");
  });

  test("two tabs that sign in at once agree on one user", async () => {
    const [here, there] = [await openTab(), await openTab()];
    expect(await Promise.all([signsIn(here, ada), signsIn(there, bob)])).toEqual(["done", "done"]);
    await settled();
    expect(await here("session")).toBe(await there("session"));
    expect(await (await openTab())("check")).toBe(await here("session"));
  });

  test("an unreachable server does not sign the user out, and is called again when it is back", async () => {
    const [, there] = await twoTabs();
    await server.stop();
    expect(await there("check")).toBe(`${as(ada)} (NETWORK_FAILED)`);
    expect(await there("listActivity")).toBe("NETWORK_FAILED");
    await server.restart();
    await is(there, as(ada));
  });

  test("many tabs that are told to ask do not ask more than they have to", async () => {
    const [here] = await twoTabs();
    const others = [];
    for (let count = 0; count < 6; count++) {
      others.push(await openTab());
    }
    await Promise.all(others.map((does) => is(does, as(ada))));
    await settled();
    const before = proxy.count("GetSession");
    expect(await here("signOut")).toBe("done");
    await Promise.all(others.map((does) => is(does, "signedOut")));
    await settled();
    // One question for each of the seven other tabs.
    expect(proxy.count("GetSession") - before).toBe(7);
  });
});
