import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { BearerTokens } from "./bearer/bearer-tokens.js";
import type { TokenStore } from "./bearer/token-store.js";
import { LatchkeyError } from "./errors/latchkey-error.js";
import { AccountService } from "./gen/latchkey/v1/account_service_pb.js";
import { AuthService } from "./gen/latchkey/v1/auth_service_pb.js";
import type { Tokens } from "./gen/latchkey/v1/tokens_pb.js";
import { createServiceClient, type ServiceClient } from "./service-client.js";
import { createFetchSession } from "./session/fetch-session.js";
import { ResponseObserver } from "./session/response-observer.js";
import { SessionController } from "./session/session-controller.js";
import { createSessionHandle, type SessionHandle } from "./session/session-handle.js";
import { SignInLock } from "./session/sign-in-lock.js";
import { connectTransport } from "./transport/connect-transport.js";
import { credentialsTransport } from "./transport/credentials-transport.js";
import { localeHeader, resolveLocale } from "./transport/locale.js";
import { sessionTransport } from "./transport/session-transport.js";

/** The options of `createLatchkey`. */
export interface LatchkeyOptions {
  /** The URL of the server, such as `https://auth.example.com`. Defaults to the page's origin in a browser. */
  readonly baseUrl?: string;
  /**
   * Stores tokens outside of a browser: in Node or React Native. With it, calls carry a bearer token, which is renewed
   * automatically. Without it, the server keeps the tokens in HttpOnly cookies, where no script can read them.
   */
  readonly tokenStore?: TokenStore;
  /** The timeout of a call in milliseconds. Defaults to 20 seconds. A call's own `timeoutMs` takes precedence. Streams have none. */
  readonly timeoutMs?: number;
  /**
   * The language of the page, as a BCP 47 tag such as `ko`, or a function that returns it for each call. The server uses it for
   * messages to users without an account. Defaults to `<html lang>`.
   */
  readonly locale?: string | (() => string | undefined);
  /** Replaces the global fetch. */
  readonly fetch?: typeof globalThis.fetch;
  /** Interceptors for all calls. */
  readonly interceptors?: Interceptor[];
  /** Replaces the transport to the server. Tests use a router transport. */
  readonly transport?: Transport;
}

/** The client. Create one per application, and share it. */
export interface Latchkey {
  /** Calls without a session: sign-up, sign-in, codes, password reset, settings. */
  readonly auth: ServiceClient<typeof AuthService>;
  /** Methods with which signed-in users manage their account. */
  readonly account: ServiceClient<typeof AccountService>;
  /** The session. */
  readonly session: SessionHandle;
  /** The transport for connect-query and for clients of other services. It sends the credentials and tracks the session. */
  readonly transport: Transport;
  /** Creates a client for another service, such as `AdminService` or one of your own at the same URL. */
  readonly service: <Service extends DescService>(service: Service) => ServiceClient<Service>;
}

/** Longer than the server's limit of 15 seconds, so that its error arrives before the timeout. */
const defaultTimeoutMs = 20_000;

/**
 * Creates a client. It sends nothing before the first call or the first use of the session. Create it once per page, because it
 * coordinates concurrent calls and tabs.
 */
export function createLatchkey(options: LatchkeyOptions = {}): Latchkey {
  const { baseUrl = "/", tokenStore, timeoutMs = defaultTimeoutMs, fetch, interceptors, locale } = options;
  const inner =
    options.transport ?? connectTransport({ baseUrl, fetch, interceptors, timeoutMs, cookies: !tokenStore });
  const bearer = tokenStore && new BearerTokens(tokenStore, renew);
  const credentials = credentialsTransport({ inner, bearer, locale, epoch: () => controller.epoch });
  const fetchSession = createFetchSession(credentials, bearer);
  const shared = sharedName(baseUrl, tokenStore ? "tokens" : "cookies");
  const lock = new SignInLock(shared);
  const controller = new SessionController(fetchSession, lock, shared);
  const observer = new ResponseObserver({ controller, bearer, fetchSession, serverUrl: baseUrl });
  const transport = sessionTransport({ inner: credentials, controller, observer, lock });
  const account = createServiceClient(AccountService, transport);

  async function renew(refreshToken: string): Promise<Tokens> {
    const start = controller.startCall();
    const language = resolveLocale(locale);
    const headers = new Headers(language === undefined ? {} : { [localeHeader]: language });
    try {
      const { tokens } = await createServiceClient(AuthService, inner).refresh({ refreshToken }, { headers });
      if (!tokens) {
        throw new ConnectError("The server renewed the session and sent no tokens.", Code.Internal);
      }
      observer.onTokensRenewed(start, tokens);
      return tokens;
    } catch (caught) {
      throw LatchkeyError.from(caught);
    }
  }

  return {
    auth: createServiceClient(AuthService, transport),
    account,
    session: createSessionHandle(controller, () => account.signOut()),
    transport,
    service: (service) => createServiceClient(service, transport),
  };
}

/** Returns the name of the channel between tabs that share a session; undefined where there are no tabs. */
function sharedName(baseUrl: string, credentials: "cookies" | "tokens"): string | undefined {
  if (typeof BroadcastChannel === "undefined" || typeof document === "undefined") {
    return undefined;
  }
  // A page without a URL, as in tests, has no other tabs.
  return URL.canParse(baseUrl, document.baseURI)
    ? `latchkey ${credentials} ${new URL(baseUrl, document.baseURI)}`
    : undefined;
}
