import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext } from "@connectrpc/connect";
import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import { type Tokens, TokensSchema } from "../gen/latchkey/v1/tokens_pb.js";
import { type FakeVisit, withDefaults } from "./fake-activity.js";
import { refusal, type ServerReason } from "./refusal.js";

const accessLifetime = 24 * 60 * 60 * 1000;
const refreshLifetime = 7 * accessLifetime;

interface FakeSession {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  /** When the user last authenticated. */
  authenticatedAt: number;
  readonly device: string;
  readonly ip: string;
  /** The number of renewals. The tokens of the previous one are accepted once more. */
  count: number;
  accessExpired: boolean;
  ended: ServerReason | undefined;
}

/** The sessions of the fake, and the cookies of the browser that calls it. */
export class FakeSessions {
  readonly all: FakeSession[] = [];
  /** The id of the session in the browser's cookies. */
  cookie: string | undefined;
  /** Whether the browser drops new cookies. */
  cookiesBlocked = false;

  start(userId: string, context: HandlerContext | undefined): Tokens {
    return this.#issueTokens(this.#add(userId, {}), !context || isBrowser(context));
  }

  /** Starts a session in this browser, as if on an earlier visit. */
  resume(userId: string, visit: FakeVisit): void {
    this.cookie = this.#add(userId, visit).id;
  }

  /** Starts a session in another browser. */
  startElsewhere(userId: string, visit: FakeVisit): void {
    this.#add(userId, visit);
  }

  /** Ends and returns the session that a sign-in replaces in the browser. */
  endFormer(context: HandlerContext): FakeSession | undefined {
    const former = isBrowser(context) ? this.all.find(({ id, ended }) => id === this.cookie && !ended) : undefined;
    if (former) {
      former.ended = "SESSION_REVOKED";
    }
    return former;
  }

  #add(userId: string, visit: FakeVisit): FakeSession {
    const { at, device, ip } = withDefaults(visit);
    const session: FakeSession = {
      id: `ses_${String(this.all.length + 1).padStart(26, "0")}`,
      userId,
      createdAt: at.getTime(),
      authenticatedAt: at.getTime(),
      device,
      ip,
      count: 0,
      accessExpired: false,
      ended: undefined,
    };
    this.all.push(session);
    return session;
  }

  /** Returns the caller's session, or throws like the server. */
  require(context: HandlerContext): FakeSession {
    return isBrowser(context) ? this.#byCookie() : this.#byToken(context.requestHeader.get("Authorization"));
  }

  /** Returns the caller's session, or undefined without one. Throws for an expired bearer token, which can be renewed. */
  find(context: HandlerContext): FakeSession | undefined {
    try {
      return this.require(context);
    } catch (caught) {
      if (!isBrowser(context) && LatchkeyError.from(caught).reason === "TOKEN_EXPIRED") {
        throw caught;
      }
      return undefined;
    }
  }

  /** Returns when a session expires. */
  endOf({ createdAt }: FakeSession): Date {
    return new Date(createdAt + refreshLifetime);
  }

  refresh(refreshToken: string, context: HandlerContext): Tokens {
    const browser = isBrowser(context);
    const session = browser ? this.#byCookie() : this.#byRefreshToken(refreshToken);
    session.count++;
    session.accessExpired = false;
    return this.#issueTokens(session, browser);
  }

  endOfUser(userId: string, reason: ServerReason, except?: string): void {
    for (const session of this.all) {
      if (session.userId === userId && session.id !== except) {
        session.ended ??= reason;
      }
    }
  }

  expireAccessTokens(): void {
    for (const session of this.all) {
      session.accessExpired = true;
    }
  }

  #byCookie(): FakeSession {
    const session = this.#find(this.cookie, "TOKEN_MISSING");
    // In cookie mode the server renews the tokens within the call.
    session.accessExpired = false;
    return session;
  }

  #byToken(authorization: string | null): FakeSession {
    const [, id, count] = /^Bearer access\.(\w+)\.(\d+)$/.exec(authorization ?? "") ?? [];
    // Like the real server, which verifies the token before it looks up the session.
    const named = this.all.find((session) => session.id === id);
    if (named && (named.accessExpired || Number(count) < named.count)) {
      throw refusal("TOKEN_EXPIRED");
    }
    return this.#find(id, authorization ? "TOKEN_INVALID" : "TOKEN_MISSING");
  }

  #byRefreshToken(refreshToken: string): FakeSession {
    const [, id, count] = /^refresh\.(\w+)\.(\d+)$/.exec(refreshToken) ?? [];
    const session = this.#find(id, refreshToken ? "TOKEN_INVALID" : "TOKEN_MISSING");
    if (Number(count) < session.count - 1) {
      session.ended = "REFRESH_REUSED";
      throw refusal("REFRESH_REUSED");
    }
    if (Number(count) < session.count) {
      session.count--;
    }
    return session;
  }

  #find(id: string | undefined, missing: ServerReason & Reason): FakeSession {
    const session = this.all.find((candidate) => candidate.id === id);
    if (!session) {
      throw refusal(missing);
    }
    if (session.ended) {
      throw refusal(session.ended);
    }
    return session;
  }

  #issueTokens(session: FakeSession, browser: boolean): Tokens {
    const expiry = {
      accessExpiresAt: timestampFromMs(Date.now() + accessLifetime),
      refreshExpiresAt: timestampFromMs(Date.now() + refreshLifetime),
    };
    if (browser) {
      this.cookie = this.cookiesBlocked ? undefined : session.id;
      return create(TokensSchema, expiry);
    }
    const suffix = `${session.id}.${session.count}`;
    return create(TokensSchema, { accessToken: `access.${suffix}`, refreshToken: `refresh.${suffix}`, ...expiry });
  }
}

/** Reports whether a call uses cookie mode. */
export function isBrowser(context: HandlerContext): boolean {
  return context.requestHeader.get("Latchkey-Session") === "cookie";
}
