import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { translation } from "./browsers";
import { type Account, signUp } from "./calls";
import { Outbox } from "./outbox";
import { type Person, somebody } from "./person";
import { type RunningServer, type Settings, startServer } from "./server";
import { type SlowProxy, startProxy } from "./slow-proxy";
import { Visitor } from "./visitor";
import { Watch } from "./watch";

/** How long a step may take on a machine that is busy with other things. */
const patience = 20_000;

/** A server for the journeys of one file, and the people who visit it. */
export interface Latchkey {
  readonly server: RunningServer;
  /** Stands in front of the server, with `slow`: everyone calls through it. */
  readonly proxy: SlowProxy;
  readonly outbox: Outbox;
  /** Somebody new, at a browser of their own. */
  readonly visitor: (options?: BrowserContextOptions) => Promise<Visitor>;
  /** Somebody who has an account, at a browser that is not signed in. */
  readonly member: (account?: Account, options?: BrowserContextOptions) => Promise<Visitor>;
  /** The same person at another browser. */
  readonly elsewhere: (visitor: Visitor, options?: BrowserContextOptions) => Promise<Visitor>;
  /** Gives a browser the cookies of a session, by the way that a page takes. */
  readonly signIn: (visitor: Visitor) => Promise<void>;
}

/** Starts a server for the tests of a file; with `slow`, behind a proxy that can hold calls. Each test that sees a fault ends with it, see Watch. */
export function runLatchkey(settings: Settings = {}, { slow = false } = {}): Latchkey {
  let server: RunningServer | undefined;
  let proxy: SlowProxy | undefined;
  let browser: Browser | undefined;
  let outbox: Outbox | undefined;
  const watches = new Map<BrowserContext, Watch>();

  beforeAll(async () => {
    const address = inject("browser");
    if (!address) {
      return;
    }
    [server, browser] = await Promise.all([
      startServer(inject("server"), { LATCHKEY_RATE_LIMITS: "off", ...settings }),
      chromium.connect(address),
    ]);
    if (slow) {
      proxy = await startProxy(server.origin);
      server = { ...server, origin: proxy.origin };
    }
    outbox = new Outbox(server.origin);
  });

  beforeEach(({ skip }) => skip(!inject("browser"), "there is no browser"));

  afterEach(async () => {
    if (inject("translated")) {
      const pages = [...watches.keys()].flatMap((context) => context.pages());
      expect(await Promise.all(pages.map((page) => page.locator("font > font").count()))).not.toContain(0);
    }
    const faults = [...watches.values()].flatMap((watch) => watch.faults());
    const open = [...watches.keys()];
    watches.clear();
    await Promise.all(open.map((context) => context.close()));
    expect(faults).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await proxy?.end();
    await server?.end();
  });

  async function open(person: Person, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await started(browser).newContext({
      locale: "en-US",
      reducedMotion: "reduce",
      viewport: { width: 390, height: 844 },
      ...options,
    });
    context.setDefaultTimeout(patience);
    if (inject("translated")) {
      await context.addInitScript(translation);
    }
    const { origin } = started(server);
    const watch = await Watch.over(context, origin);
    watches.set(context, watch);
    return new Visitor(person, await context.newPage(), { origin, outbox: started(outbox), watch });
  }

  const latchkey: Latchkey = {
    get server() {
      return started(server);
    },
    get proxy() {
      return started(proxy);
    },
    get outbox() {
      return started(outbox);
    },
    visitor: (options) => open(somebody(), options),
    elsewhere: ({ person }, options) => open(person, options),
    async member(account, options) {
      const person = somebody();
      await signUp(latchkey.server.origin, latchkey.outbox, person, account);
      return open(person, options);
    },
    async signIn({ person, browser: context }) {
      const { origin } = latchkey.server;
      const answer = await context.request.post(`${origin}/latchkey.v1.AuthService/SignIn`, {
        headers: { "Latchkey-Session": "cookie", Origin: origin },
        data: { email: person.email, password: person.password },
      });
      expect(answer.status(), await answer.text()).toBe(200);
    },
  };
  return latchkey;
}

function started<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("nothing was started: runLatchkey() belongs to the top of a file");
  }
  return value;
}
