import { create, type DescMethod, type MessageShape } from "@bufbuild/protobuf";
import { type ConnectRouter, createRouterTransport, type Transport } from "@connectrpc/connect";
import type { TokenStore } from "../bearer/token-store.js";
import type { Flat } from "../flat.js";
import type { BrokenRule } from "../form/broken-rule.js";
import { brokenRules } from "../form/form-schema.js";
import { AccountService } from "../gen/latchkey/v1/account_service_pb.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import type { User, UserSchema } from "../gen/latchkey/v1/user_pb.js";
import { createLatchkey, type Latchkey } from "../latchkey.js";
import { accountHandlers } from "./account-handlers.js";
import { authHandlers } from "./auth-handlers.js";
import type { FakeVisit } from "./fake-activity.js";
import { FakeSessions } from "./fake-sessions.js";
import { fakeSettings, type SettingsChanges } from "./fake-settings.js";
import { canonicalEmail, canonicalPhone, FakeState } from "./fake-state.js";
import { type RefusalDetails, refusal, type ServerReason } from "./refusal.js";

/** How the fake is set up. */
export interface FakeLatchkeyOptions {
  /** Changes to the settings that a server has when nobody has set it up. */
  readonly settings?: SettingsChanges;
  /** Adds or replaces services: `AdminService`, or your own. */
  readonly routes?: (router: ConnectRouter) => void;
}

/** Somebody who has an account already. */
export type FakeUser = Flat<typeof UserSchema> & {
  /** The password; `fakePassword` when left out. `null` makes an account without one. */
  readonly password?: string | null;
};

/** A Latchkey in memory, for tests of applications: no network, no database, no waiting for mails. */
export interface FakeLatchkey {
  /** A client in cookie mode, which every test of pages wants. */
  readonly client: Latchkey;
  /** The way to the fake. Further clients over it are further tabs of the same browser. */
  readonly transport: Transport;
  /** Makes a client in bearer mode. */
  readonly bearerClient: (tokenStore: TokenStore) => Latchkey;
  /** Makes an account. What is left out is filled in: the password is `Correct-horse1`. */
  readonly addUser: (user?: FakeUser) => User;
  /** Changes an account as an administrator or another device does: the page hears nothing of it. */
  readonly changeUser: (user: User, changes: Flat<typeof UserSchema>) => User;
  /** Signs somebody in as if on an earlier visit: the next question finds them signed in. */
  readonly signIn: (user: User, visit?: FakeVisit) => void;
  /** Signs somebody in from another device. */
  readonly signInElsewhere: (user: User, visit?: FakeVisit) => void;
  /** Lets something have happened to an account: `sign_in_failed`, say. */
  readonly addActivity: (user: User, event: string, visit?: FakeVisit) => void;
  /** Gives the newest code that was sent to an address or number. */
  readonly codeFor: (contact: string) => string;
  /** Ends every session of somebody, as an administrator or another device does. */
  readonly endSessions: (user: User, reason?: ServerReason) => void;
  /** Makes every access token old, as a day does. */
  readonly expireAccessTokens: () => void;
  /** Refuses the next call of a method, such as `signIn`. */
  readonly refuseNext: (method: string, reason: ServerReason, details?: RefusalDetails) => void;
  /** Lets the browser lose the cookies of its session, as it does when their time is up. */
  readonly loseCookies: () => void;
  /** Lets the browser drop the cookies that it is sent, as one does that blocks them. */
  readonly setCookiesBlocked: (blocked: boolean) => void;
  /** Refuses nothing any more of what was still to be refused. */
  readonly forgetRefusals: () => void;
  /** Lets the next call of a method be done, and its answer be lost. */
  readonly loseNextAnswer: (method: string) => void;
  /** Lets every call of a method wait, as a server does that hangs, until the function is called that it returns. */
  readonly hold: (method: string) => () => void;
  /** Cuts the connection, or mends it. */
  readonly setOffline: (offline: boolean) => void;
  /** The names of the methods that were called, in order. */
  readonly calls: readonly string[];
}

/** The password of fake users who were given none. */
export const fakePassword = "Correct-horse1";

/** Makes a Latchkey in memory. It keeps the rules of the contract and of its settings, as the real one does. */
export function createFakeLatchkey({ settings, routes }: FakeLatchkeyOptions = {}): FakeLatchkey {
  const state = new FakeState(fakeSettings(settings));
  const sessions = new FakeSessions();
  const refusals = new Map<string, ReturnType<typeof refusal>[]>();
  const lost = new Set<string>();
  const held = new Map<string, Promise<void>>();
  const calls: string[] = [];
  let offline = false;

  const router = createRouterTransport((connect) => {
    connect.service(AuthService, authHandlers(state, sessions));
    connect.service(AccountService, accountHandlers(state, sessions));
    routes?.(connect);
  });

  function arrive(method: DescMethod): void {
    calls.push(method.localName);
    if (offline) {
      throw new TypeError("fetch failed");
    }
    const next = refusals.get(method.localName)?.shift();
    if (next) {
      throw next;
    }
  }

  const transport: Transport = {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      arrive(method);
      await held.get(method.localName);
      if (method.parent.typeName.startsWith("latchkey.v1.")) {
        const message = create(method.input, input) as MessageShape<typeof method.input>;
        refuseBroken(brokenRules(method.input, message, state.settings));
      }
      const answer = await router.unary(method, signal, timeoutMs, header, input, contextValues);
      if (lost.delete(method.localName)) {
        throw new TypeError("fetch failed");
      }
      return answer;
    },
    async stream(method, ...call) {
      arrive(method);
      return router.stream(method, ...call);
    },
  };

  return {
    client: createLatchkey({ transport }),
    transport,
    bearerClient: (tokenStore) => createLatchkey({ transport, tokenStore }),
    addUser({ password = fakePassword, ...user } = {}) {
      const number = state.accounts.size + 1;
      const filled = {
        email: `user${number}@example.com`,
        emailVerified: true,
        name: `User ${number}`,
        nickname: `user${number}`,
        role: "trainee",
      };
      return state.addAccount(password ?? undefined, { ...filled, ...user }).user;
    },
    changeUser({ id }, changes) {
      const account = state.accounts.get(id);
      if (!account) {
        throw new Error(`the fake has no user ${id}`);
      }
      return state.change(account, changes);
    },
    signIn: (user, visit = {}) => sessions.resume(user.id, visit),
    signInElsewhere: (user, visit = {}) => sessions.startElsewhere(user.id, visit),
    addActivity: (user, event, visit = {}) => state.activity.record(user.id, event, visit),
    codeFor(contact) {
      const code = state.newestCode(contact.includes("@") ? canonicalEmail(contact) : canonicalPhone(contact));
      if (code === undefined) {
        throw new Error(`no code was sent to ${contact}`);
      }
      return code;
    },
    endSessions: ({ id }, reason = "SESSION_REVOKED") => sessions.endOfUser(id, reason),
    expireAccessTokens: () => sessions.expireAccessTokens(),
    refuseNext(method, reason, details) {
      refusals.set(method, [...(refusals.get(method) ?? []), refusal(reason, details)]);
    },
    loseCookies() {
      sessions.cookie = undefined;
    },
    setCookiesBlocked(blocked) {
      sessions.cookiesBlocked = blocked;
    },
    forgetRefusals: () => refusals.clear(),
    loseNextAnswer(method) {
      lost.add(method);
    },
    hold(method) {
      let release = () => {};
      held.set(method, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(method);
        release();
      };
    },
    setOffline(cut) {
      offline = cut;
    },
    calls,
  };
}

function refuseBroken(broken: readonly BrokenRule[]): void {
  if (broken.length === 0) {
    return;
  }
  const violations = Object.fromEntries(
    broken.map(({ path: [field, ...rest], rule }) => [`${field}${rest.map((key) => `[${key}]`).join("")}`, rule]),
  );
  const byPolicy = broken.every(({ rule }) => rule.startsWith("password.") && rule !== "password.control_character");
  throw refusal(byPolicy ? "PASSWORD_POLICY" : "INVALID_FIELDS", { violations });
}
