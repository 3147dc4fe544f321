import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";
import { BrowserMonitor } from "./browser-monitor";
import { type Account, signUp } from "./calls";
import { Outbox } from "./outbox";
import { newPerson, type Person } from "./person";
import { type RunningServer, type Settings, startServer } from "./server";
import { type SlowProxy, startProxy } from "./slow-proxy";
import { Visitor } from "./visitor";

/** The timeout of a step, long enough for a busy machine. */
const timeout = 20_000;

/** A server for the journeys of a file, and its visitors. */
export interface Latchkey {
  readonly server: RunningServer;
  /** The proxy in front of the server, with `slow`. */
  readonly proxy: SlowProxy;
  readonly outbox: Outbox;
  /** Opens a browser for a new person. */
  readonly visitor: (options?: BrowserContextOptions) => Promise<Visitor>;
  /** Opens a browser for a new person with an account, signed out. */
  readonly member: (account?: Account, options?: BrowserContextOptions) => Promise<Visitor>;
  /** Opens another browser for the same person. */
  readonly otherBrowser: (visitor: Visitor, options?: BrowserContextOptions) => Promise<Visitor>;
  /** Signs a browser in by a call, so that it has the cookies of a session. */
  readonly signIn: (visitor: Visitor) => Promise<void>;
}

/** Starts a server for the tests of a file; with `slow`, behind a proxy that can hold calls. Each test that sees a fault ends with it, see Watch. */
export function runLatchkey(settings: Settings = {}, { slow = false } = {}): Latchkey {
  let server: RunningServer | undefined;
  let proxy: SlowProxy | undefined;
  let browser: Browser | undefined;
  let outbox: Outbox | undefined;
  const monitors = new Map<BrowserContext, BrowserMonitor>();

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
    const faults = [...monitors.values()].flatMap((monitor) => monitor.faults());
    const open = [...monitors.keys()];
    monitors.clear();
    await Promise.all(open.map((context) => context.close()));
    expect(faults).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await proxy?.stop();
    await server?.remove();
  });

  async function open(person: Person, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await started(browser).newContext({
      locale: "en-US",
      reducedMotion: "reduce",
      viewport: { width: 390, height: 844 },
      ...options,
    });
    context.setDefaultTimeout(timeout);
    const { origin } = started(server);
    const monitor = await BrowserMonitor.start(context, origin);
    monitors.set(context, monitor);
    return new Visitor(person, await context.newPage(), { origin, outbox: started(outbox), monitor });
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
    visitor: (options) => open(newPerson(), options),
    otherBrowser: ({ person }, options) => open(person, options),
    async member(account, options) {
      const person = newPerson();
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
    throw new Error("nothing was started: call runLatchkey() at the top of a file");
  }
  return value;
}
