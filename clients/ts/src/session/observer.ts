import { type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Bearer } from "../bearer/bearer.js";
import { refusesCredentials } from "../errors/credential-reasons.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { AccountService, ListSessionsResponseSchema } from "../gen/latchkey/v1/account_service_pb.js";
import { AuthService, type GetSessionResponse } from "../gen/latchkey/v1/auth_service_pb.js";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { endsSession, needsNoSession } from "./methods.js";
import type { AskSession } from "./session-check.js";
import type { Begun, SessionKeeper, StartedSession } from "./session-keeper.js";

/** What an answer may say about the session. */
type SessionMessage = Message & { user?: User; tokens?: Tokens };

/** What the observer works with. */
export interface ObserverOptions {
  readonly keeper: SessionKeeper;
  /** Set in bearer mode. */
  readonly bearer: Bearer | undefined;
  readonly ask: AskSession;
  /** Where the server is, for the words to an operator. */
  readonly serverUrl: string;
}

/** Reads from answers and refusals what they say about the session. */
export class Observer {
  readonly #keeper: SessionKeeper;
  readonly #bearer: Bearer | undefined;
  readonly #ask: AskSession;
  readonly #serverUrl: string;

  constructor({ keeper, bearer, ask, serverUrl }: ObserverOptions) {
    this.#keeper = keeper;
    this.#bearer = bearer;
    this.#ask = ask;
    this.#serverUrl = serverUrl;
  }

  /** Sees an answer. The user in it is replaced by newer data of the same user, where that is known. */
  async answer(method: DescMethod, begun: Begun, message: SessionMessage): Promise<void> {
    this.#keeper.reached();
    const { user, tokens } = message;
    if (method === AuthService.method.getSession) {
      this.#session(begun, message as Message as GetSessionResponse);
    } else if (needsNoSession(method)) {
      if (user && tokens) {
        message.user = await this.#started(begun, user, tokens);
      } else if (tokens) {
        this.renewed(begun, tokens);
      } else if (method === AuthService.method.resetPassword && this.#keeper.store.current.status === "signedIn") {
        void this.#keeper.checkAfresh();
      }
    } else if (endsSession(method)) {
      await this.#bearer?.end();
      this.#keeper.end(begun);
    } else if (method.parent.typeName === AccountService.typeName) {
      this.#account(method, begun, message);
    }
  }

  /** Sees a refusal, or that no answer came. Reports whether the call may be sent again. */
  async refusal(method: DescMethod, begun: Begun, error: LatchkeyError): Promise<boolean> {
    if (error.reason === "NETWORK_FAILED") {
      this.#keeper.lost();
    } else if (!needsNoSession(method)) {
      if (refusesCredentials(error.reason)) {
        // Refused before it was done, so that it can be sent again.
        return this.#keeper.refused(begun, error.reason);
      }
      if (error.reason === "ROLE_REQUIRED") {
        this.#keeper.roleRefused();
      }
    }
    return false;
  }

  /** Notes that the session goes on. */
  renewed(begun: Begun, tokens: Tokens): void {
    const end = endOf(tokens);
    end && this.#keeper.renewed(begun, end);
  }

  #account(method: DescMethod, begun: Begun, message: SessionMessage): void {
    if (message.user) {
      message.user =
        method === AccountService.method.getProfile
          ? this.#keeper.know(begun, message.user)
          : this.#keeper.changed(begun, message.user);
    } else if (isMessage(message, ListSessionsResponseSchema)) {
      const own = message.sessions.find(({ current }) => current);
      own?.expiresAt && this.#keeper.renewed(begun, timestampDate(own.expiresAt));
    }
  }

  #session(begun: Begun, { session, expiresAt }: GetSessionResponse): void {
    if (session.case === "user") {
      session.value = this.#keeper.know(begun, session.value);
      expiresAt && this.#keeper.renewed(begun, timestampDate(expiresAt));
    } else if (this.#keeper.store.current.status === "signedIn" && begun.epoch === this.#keeper.epoch) {
      void this.#keeper.checkAfresh();
    }
  }

  /** Takes over a session that a call has started, and returns the newest data of its user. */
  async #started(begun: Begun, user: User, tokens: Tokens): Promise<User> {
    const started = { user, expiresAt: endOf(tokens) };
    await this.#bearer?.begin(tokens);
    const verified = this.#bearer ? started : await this.#verified(begun, started);
    if (verified) {
      this.#keeper.begin(begun, verified);
    }
    const known = this.#keeper.store.current.user;
    return known?.id === user.id ? known : user;
  }

  /**
   * Asks whether the browser has kept the cookies of a new session. One that blocks them drops them silently: the sign-in
   * has succeeded, and the user is not signed in. Returns undefined when another tab has ended the session meanwhile.
   */
  async #verified(begun: Begun, started: StartedSession): Promise<StartedSession | undefined> {
    // Without an answer the sign-in counts: it has succeeded.
    const { user, expiresAt } = await this.#ask().catch(() => started);
    if (user) {
      return { user, expiresAt };
    }
    const isTold = begun.toldByTabs !== this.#keeper.toldByTabs;
    if (isTold || this.#keeper.store.current.status === "signedIn") {
      void this.#keeper.checkAfresh();
    }
    if (!isTold) {
      throw await cookiesBlocked(this.#serverUrl);
    }
    return undefined;
  }
}

/** Makes the error of cookies that were not kept. Its words to operators are many, and loaded only now. */
async function cookiesBlocked(serverUrl: string): Promise<LatchkeyError> {
  const message = await import("./cookies-blocked.js").then(
    ({ adviseOperator }) => adviseOperator(serverUrl),
    () => "the browser has kept no cookie of the sign-in",
  );
  return LatchkeyError.ofClient("COOKIES_BLOCKED", message);
}

function endOf(tokens: Tokens): Date | undefined {
  return tokens.refreshExpiresAt && timestampDate(tokens.refreshExpiresAt);
}
