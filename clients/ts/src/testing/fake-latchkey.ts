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

/** The options of the fake. */
export interface FakeLatchkeyOptions {
  /** Changes to the server's default settings. */
  readonly settings?: SettingsChanges;
  /** Adds or replaces services: `AdminService`, or your own. */
  readonly routes?: (router: ConnectRouter) => void;
}

/** An account to create in the fake. */
export type FakeUser = Flat<typeof UserSchema> & {
  /** The password. Defaults to `fakePassword`. `null` creates an account without a password. */
  readonly password?: string | null;
};

/** A Latchkey server in memory, for tests of applications: without network, database or e-mails. */
export interface FakeLatchkey {
  /** A client in cookie mode. */
  readonly client: Latchkey;
  /** The transport to the fake. Each further client over it is another tab of the same browser. */
  readonly transport: Transport;
  /** Creates a client in bearer mode. */
  readonly bearerClient: (tokenStore: TokenStore) => Latchkey;
  /** Creates an account, with defaults for missing values. */
  readonly addUser: (user?: FakeUser) => User;
  /** Changes an account as if on another device: the client is not notified. */
  readonly changeUser: (user: User, changes: Flat<typeof UserSchema>) => User;
  /** Signs a user in as if on an earlier visit. The next fetch of the session returns the user. */
  readonly signIn: (user: User, visit?: FakeVisit) => void;
  /** Signs a user in on another device. */
  readonly signInElsewhere: (user: User, visit?: FakeVisit) => void;
  /** Adds an event to the activity of a user, such as `sign_in_failed`. */
  readonly addActivity: (user: User, event: string, visit?: FakeVisit) => void;
  /** Returns the newest code that was sent to an e-mail address or phone number. */
  readonly codeFor: (contact: string) => string;
  /** Ends all sessions of a user, as if on another device. */
  readonly endSessions: (user: User, reason?: ServerReason) => void;
  /** Expires all access tokens. */
  readonly expireAccessTokens: () => void;
  /** Makes the next call of a method, such as `signIn`, fail with a reason. */
  readonly refuseNext: (method: string, reason: ServerReason, details?: RefusalDetails) => void;
  /** Removes the cookies of the session, as browsers do when they expire. */
  readonly expireCookies: () => void;
  /** Makes the browser drop new cookies, as if cookies were blocked. */
  readonly setCookiesBlocked: (blocked: boolean) => void;
  /** Removes all pending refusals of `refuseNext`. */
  readonly clearRefusals: () => void;
  /** Executes the next call of a method, but drops its response. */
  readonly dropNextResponse: (method: string) => void;
  /** Makes all calls of a method hang until the returned function is called. */
  readonly hold: (method: string) => () => void;
  /** Disconnects or reconnects the client. */
  readonly setOffline: (offline: boolean) => void;
  /** The names of the called methods, in order. */
  readonly calls: readonly string[];
}

/** The default password of fake users. */
export const fakePassword = "Correct-horse1";

/** Creates a Latchkey server in memory. It enforces the rules of the contract and of its settings, like the real server. */
export function createFakeLatchkey({ settings, routes }: FakeLatchkeyOptions = {}): FakeLatchkey {
  const state = new FakeState(fakeSettings(settings));
  const sessions = new FakeSessions();
  const refusals = new Map<string, ReturnType<typeof refusal>[]>();
  const dropped = new Set<string>();
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
      if (dropped.delete(method.localName)) {
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
    expireCookies() {
      sessions.cookie = undefined;
    },
    setCookiesBlocked(blocked) {
      sessions.cookiesBlocked = blocked;
    },
    clearRefusals: () => refusals.clear(),
    dropNextResponse(method) {
      dropped.add(method);
    },
    hold(method) {
      let release = () => {};
      held.set(method, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(method);
        release();
      };
    },
    setOffline(isOffline) {
      offline = isOffline;
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
