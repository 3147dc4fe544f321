import { type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { BearerTokens } from "../bearer/bearer-tokens.js";
import { refusesCredentials } from "../errors/credential-reasons.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { AccountService, ListSessionsResponseSchema } from "../gen/latchkey/v1/account_service_pb.js";
import { AuthService, type GetSessionResponse } from "../gen/latchkey/v1/auth_service_pb.js";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { endsSession, isPublicMethod } from "./method-kinds.js";
import type { CallStart, SessionController, StartedSession } from "./session-controller.js";
import type { FetchSession } from "./session-fetcher.js";

/** The parts of a response that are about the session. */
type SessionMessage = Message & { user?: User; tokens?: Tokens };

/** The dependencies of the observer. */
export interface ResponseObserverOptions {
  readonly controller: SessionController;
  /** Set in bearer mode. */
  readonly bearer: BearerTokens | undefined;
  readonly fetchSession: FetchSession;
  /** The URL of the server, for messages to operators. */
  readonly serverUrl: string;
}

/** Updates the session from the responses and errors of calls. */
export class ResponseObserver {
  readonly #controller: SessionController;
  readonly #bearer: BearerTokens | undefined;
  readonly #fetchSession: FetchSession;
  readonly #serverUrl: string;

  constructor({ controller, bearer, fetchSession, serverUrl }: ResponseObserverOptions) {
    this.#controller = controller;
    this.#bearer = bearer;
    this.#fetchSession = fetchSession;
    this.#serverUrl = serverUrl;
  }

  /** Handles a response. Replaces its user by newer data of the same user, if there is any. */
  async onResponse(method: DescMethod, start: CallStart, message: SessionMessage): Promise<void> {
    this.#controller.responseReceived();
    const { user, tokens } = message;
    if (method === AuthService.method.getSession) {
      this.#onSessionResponse(start, message as Message as GetSessionResponse);
    } else if (isPublicMethod(method)) {
      if (user && tokens) {
        message.user = await this.#onSessionStarted(start, user, tokens);
      } else if (tokens) {
        this.onTokensRenewed(start, tokens);
      } else if (method === AuthService.method.resetPassword && this.#controller.store.current.status === "signedIn") {
        void this.#controller.refetch();
      }
    } else if (endsSession(method)) {
      await this.#bearer?.clear();
      this.#controller.sessionEnded(start);
    } else if (method.parent.typeName === AccountService.typeName) {
      this.#onAccountResponse(method, start, message);
    }
  }

  /** Handles an error. Reports whether the call can be retried. */
  async onError(method: DescMethod, start: CallStart, error: LatchkeyError): Promise<boolean> {
    if (error.reason === "NETWORK_FAILED") {
      this.#controller.connectionLost();
    } else if (!isPublicMethod(method)) {
      if (refusesCredentials(error.reason)) {
        // The server has not executed the call, so it can be retried.
        return this.#controller.credentialsRefused(start, error.reason);
      }
      if (error.reason === "ROLE_REQUIRED") {
        this.#controller.roleRefused();
      }
    }
    return false;
  }

  /** Handles renewed tokens. */
  onTokensRenewed(start: CallStart, tokens: Tokens): void {
    const end = endOf(tokens);
    end && this.#controller.sessionRenewed(start, end);
  }

  #onAccountResponse(method: DescMethod, start: CallStart, message: SessionMessage): void {
    if (message.user) {
      message.user =
        method === AccountService.method.getProfile
          ? this.#controller.updateUser(start, message.user)
          : this.#controller.userChanged(start, message.user);
    } else if (isMessage(message, ListSessionsResponseSchema)) {
      const own = message.sessions.find(({ current }) => current);
      own?.expiresAt && this.#controller.sessionRenewed(start, timestampDate(own.expiresAt));
    }
  }

  #onSessionResponse(start: CallStart, { session, expiresAt }: GetSessionResponse): void {
    if (session.case === "user") {
      session.value = this.#controller.updateUser(start, session.value);
      expiresAt && this.#controller.sessionRenewed(start, timestampDate(expiresAt));
    } else if (this.#controller.store.current.status === "signedIn" && start.epoch === this.#controller.epoch) {
      void this.#controller.refetch();
    }
  }

  /** Handles a session that a call has started. Returns the newest data of its user. */
  async #onSessionStarted(start: CallStart, user: User, tokens: Tokens): Promise<User> {
    const started = { user, expiresAt: endOf(tokens) };
    await this.#bearer?.save(tokens);
    const verified = this.#bearer ? started : await this.#verifyCookies(start, started);
    if (verified) {
      this.#controller.sessionStarted(start, verified);
    }
    const known = this.#controller.store.current.user;
    return known?.id === user.id ? known : user;
  }

  /**
   * Checks that the browser has kept the cookies of a new session. A browser that blocks cookies drops them silently: the sign-in
   * succeeds, but the user is not signed in. Returns undefined when another tab has ended the session in the meantime.
   */
  async #verifyCookies(start: CallStart, started: StartedSession): Promise<StartedSession | undefined> {
    // If the check fails, the sign-in counts, because it has succeeded.
    const { user, expiresAt } = await this.#fetchSession().catch(() => started);
    if (user) {
      return { user, expiresAt };
    }
    const isNoticed = start.tabNotices !== this.#controller.tabNotices;
    if (isNoticed || this.#controller.store.current.status === "signedIn") {
      void this.#controller.refetch();
    }
    if (!isNoticed) {
      throw await cookiesBlockedError(this.#serverUrl);
    }
    return undefined;
  }
}

/** Returns the error for blocked cookies. Its long messages to operators are loaded on demand. */
async function cookiesBlockedError(serverUrl: string): Promise<LatchkeyError> {
  const message = await import("./cookies-blocked.js").then(
    ({ warnOperator }) => warnOperator(serverUrl),
    () => "the browser did not keep the cookies of the sign-in",
  );
  return LatchkeyError.fromClient("COOKIES_BLOCKED", message);
}

function endOf(tokens: Tokens): Date | undefined {
  return tokens.refreshExpiresAt && timestampDate(tokens.refreshExpiresAt);
}
