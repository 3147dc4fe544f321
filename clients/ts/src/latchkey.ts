import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { Bearer } from "./bearer/bearer.js";
import type { TokenStore } from "./bearer/token-store.js";
import { clientOf, type ServiceClient } from "./client-of.js";
import { LatchkeyError } from "./errors/latchkey-error.js";
import { AccountService } from "./gen/latchkey/v1/account_service_pb.js";
import { AuthService } from "./gen/latchkey/v1/auth_service_pb.js";
import type { Tokens } from "./gen/latchkey/v1/tokens_pb.js";
import { Observer } from "./session/observer.js";
import { type SessionHandle, sessionHandle } from "./session/session-handle.js";
import { SessionKeeper } from "./session/session-keeper.js";
import { sessionTransport } from "./session/session-transport.js";

/** How to reach Latchkey. */
export interface LatchkeyOptions {
  /** Where Latchkey answers, such as `https://auth.example.com`. Left out in a browser, it is the page's own origin. */
  readonly baseUrl?: string;
  /**
   * Keeps tokens outside a browser: in Node, in React Native. With it, calls carry a bearer token that is renewed by
   * itself. Without it, the server keeps the tokens in HttpOnly cookies, where no script can read them.
   */
  readonly tokenStore?: TokenStore;
  /** How long a call may take, in milliseconds; 15 seconds when left out. A call's own `timeoutMs` goes first. */
  readonly timeoutMs?: number;
  /** Replaces the platform's fetch. */
  readonly fetch?: typeof globalThis.fetch;
  /** See and change calls on their way. */
  readonly interceptors?: Interceptor[];
  /** Replaces the way to the server altogether; tests use a router transport. */
  readonly transport?: Transport;
}

/** One client for everything. Make one for an application, and share it. */
export interface Latchkey {
  /** What somebody without a session may call: sign-up, sign-in, codes, resets, settings. */
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

const defaultTimeoutMs = 15_000;

/** Makes a client. Nothing is sent before the first call, or before somebody asks for the session. */
export function createLatchkey(options: LatchkeyOptions = {}): Latchkey {
  const inner = options.transport ?? connectTransport(options);
  const { tokenStore } = options;
  const account = clientOf(AccountService, {
    unary: (...call) => transport.unary(...call),
    stream: (...call) => transport.stream(...call),
  });

  const keeper = new SessionKeeper(
    {
      possible: async () => !bearer || bearer.has(),
      profile: () => account.getProfile(),
      expiry: async () => {
        const { epoch } = keeper;
        const held = await tokenStore?.load();
        await (held ? keeper.renewed(epoch, new Date(held.refreshExpiresAt)) : account.listSessions());
      },
    },
    tokenStore ? undefined : channelName(options.baseUrl),
  );
  const bearer = tokenStore && new Bearer(tokenStore, renew);
  const observer = new Observer(keeper, bearer);
  const transport = sessionTransport({ inner, keeper, observer, bearer });

  async function renew(refreshToken: string): Promise<Tokens> {
    const { epoch } = keeper;
    try {
      const { tokens } = await createClient(AuthService, inner).refresh({ refreshToken });
      if (!tokens) {
        throw new ConnectError("The server renewed the session and sent no tokens.", Code.Internal);
      }
      observer.renewed(epoch, tokens);
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

function connectTransport({
  baseUrl = "/",
  fetch,
  interceptors,
  timeoutMs = defaultTimeoutMs,
  tokenStore,
}: LatchkeyOptions): Transport {
  return createConnectTransport({
    baseUrl,
    defaultTimeoutMs: timeoutMs,
    ...(interceptors && { interceptors }),
    // Cookies that are not asked for could sign somebody else in than the bearer token does.
    fetch: (input, init) =>
      (fetch ?? globalThis.fetch)(input, { ...init, credentials: tokenStore ? "omit" : "include" }),
  });
}

/** Gives the name under which tabs speak of the same server; none where there are no tabs. */
function channelName(baseUrl = "/"): string | undefined {
  if (typeof BroadcastChannel === "undefined" || typeof document === "undefined") {
    return undefined;
  }
  // A page without an address, as tests make them, has no other tabs.
  return URL.canParse(baseUrl, document.baseURI) ? `latchkey ${new URL(baseUrl, document.baseURI)}` : undefined;
}
