import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { Bearer } from "./bearer/bearer.js";
import type { TokenStore } from "./bearer/token-store.js";
import { clientOf, type ServiceClient } from "./client-of.js";
import { LatchkeyError } from "./errors/latchkey-error.js";
import { AccountService } from "./gen/latchkey/v1/account_service_pb.js";
import { AuthService } from "./gen/latchkey/v1/auth_service_pb.js";
import type { Tokens } from "./gen/latchkey/v1/tokens_pb.js";
import { askSession } from "./session/ask-session.js";
import { Observer } from "./session/observer.js";
import { type SessionHandle, sessionHandle } from "./session/session-handle.js";
import { SessionKeeper } from "./session/session-keeper.js";
import { SignInLock } from "./session/sign-in-lock.js";
import { connectTransport } from "./transport/connect-transport.js";
import { credentialsTransport } from "./transport/credentials-transport.js";
import { localeHeader, localeOf } from "./transport/locale.js";
import { sessionTransport } from "./transport/session-transport.js";

/** How to reach Latchkey. */
export interface LatchkeyOptions {
  /** Where Latchkey answers, such as `https://auth.example.com`. Left out in a browser, it is the page's own origin. */
  readonly baseUrl?: string;
  /**
   * Keeps tokens outside a browser: in Node, in React Native. With it, calls carry a bearer token that is renewed by
   * itself. Without it, the server keeps the tokens in HttpOnly cookies, where no script can read them.
   */
  readonly tokenStore?: TokenStore;
  /** How long a call may take, in milliseconds; 20 seconds when left out. A call's own `timeoutMs` goes first. Streams have no limit. */
  readonly timeoutMs?: number;
  /**
   * The language of the page, as a BCP 47 tag such as `ko`, or a function that returns it at each call. The server writes
   * messages in it to people without an account. Left out, it is the one that the page declares by `<html lang>`.
   */
  readonly locale?: string | (() => string | undefined);
  /** Replaces the platform's fetch. */
  readonly fetch?: typeof globalThis.fetch;
  /** See and change calls on their way. */
  readonly interceptors?: Interceptor[];
  /** Replaces the way to the server altogether; tests use a router transport. */
  readonly transport?: Transport;
}

/** One client for everything. Make one for an application, and share it. */
export interface Latchkey {
  /** What may be called without a session: sign-up, sign-in, codes, resets, settings. */
  readonly auth: ServiceClient<typeof AuthService>;
  /** What a signed-in user does with the own account. */
  readonly account: ServiceClient<typeof AccountService>;
  /** Who is signed in. */
  readonly session: SessionHandle;
  /** For connect-query and for clients of other services: it sends the session along and follows what answers tell of it. */
  readonly transport: Transport;
  /** Makes a client of another service, such as `AdminService` or one of your own behind the same address. */
  readonly service: <Service extends DescService>(service: Service) => ServiceClient<Service>;
}

/** Longer than the server's limit of 15 seconds, after which it says what was wrong. */
const defaultTimeoutMs = 20_000;

/**
 * Makes a client. Nothing is sent before the first call, or before the session is asked for. In a page, make it once: tabs and
 * calls are kept in order by it.
 */
export function createLatchkey(options: LatchkeyOptions = {}): Latchkey {
  const { baseUrl = "/", tokenStore, timeoutMs = defaultTimeoutMs, fetch, interceptors, locale } = options;
  const inner =
    options.transport ?? connectTransport({ baseUrl, fetch, interceptors, timeoutMs, cookies: !tokenStore });
  const bearer = tokenStore && new Bearer(tokenStore, renew);
  const credentials = credentialsTransport({ inner, bearer, locale, epoch: () => keeper.epoch });
  const ask = askSession(credentials, bearer);
  const shared = sharedName(baseUrl, tokenStore ? "tokens" : "cookies");
  const lock = new SignInLock(shared);
  const keeper = new SessionKeeper(ask, lock, shared);
  const observer = new Observer({ keeper, bearer, ask, serverUrl: baseUrl });
  const transport = sessionTransport({ inner: credentials, keeper, observer, lock });
  const account = clientOf(AccountService, transport);

  async function renew(refreshToken: string): Promise<Tokens> {
    const begun = keeper.begins();
    const language = localeOf(locale);
    const headers = new Headers(language === undefined ? {} : { [localeHeader]: language });
    try {
      const { tokens } = await clientOf(AuthService, inner).refresh({ refreshToken }, { headers });
      if (!tokens) {
        throw new ConnectError("The server renewed the session and sent no tokens.", Code.Internal);
      }
      observer.renewed(begun, tokens);
      return tokens;
    } catch (caught) {
      throw LatchkeyError.from(caught);
    }
  }

  return {
    auth: clientOf(AuthService, transport),
    account,
    session: sessionHandle(keeper, () => account.signOut()),
    transport,
    service: (service) => clientOf(service, transport),
  };
}

/** Returns the name under which tabs know the same session; undefined where there are no tabs. */
function sharedName(baseUrl: string, credentials: "cookies" | "tokens"): string | undefined {
  if (typeof BroadcastChannel === "undefined" || typeof document === "undefined") {
    return undefined;
  }
  // A page without an address, as tests make them, has no other tabs.
  return URL.canParse(baseUrl, document.baseURI)
    ? `latchkey ${credentials} ${new URL(baseUrl, document.baseURI)}`
    : undefined;
}
