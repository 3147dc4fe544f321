import { type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Bearer } from "../bearer/bearer.js";
import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import { AccountService, ListSessionsResponseSchema } from "../gen/latchkey/v1/account_service_pb.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import type { SessionKeeper } from "./session-keeper.js";

/** The reasons by which a call tells that its session is over. */
const over: ReadonlySet<Reason> = new Set<Reason>([
  "TOKEN_MISSING",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "SESSION_REVOKED",
  "REFRESH_REUSED",
  "ACCOUNT_DISABLED",
]);

/** What answers may hold that tells of the session. */
type Telling = Message & { user?: User; tokens?: Tokens };

/** Tells whether a method may be called without a session, so that its refusals say nothing about ours. */
export function needsNoSession(method: DescMethod): boolean {
  return method.parent.typeName === AuthService.typeName;
}

/** Reads from answers and refusals what they tell about the session. */
export class Observer {
  readonly #keeper: SessionKeeper;
  readonly #bearer: Bearer | undefined;

  constructor(keeper: SessionKeeper, bearer: Bearer | undefined) {
    this.#keeper = keeper;
    this.#bearer = bearer;
  }

  async answer(method: DescMethod, epoch: number, message: Telling): Promise<void> {
    const { user, tokens } = message;
    if (needsNoSession(method)) {
      if (user && tokens) {
        // Begun before the tokens are kept: a late refusal of the session before must not be taken for one of this.
        const kept = this.#bearer?.begin(tokens);
        this.#keeper.begin(user, endOf(tokens));
        await kept;
      } else if (tokens) {
        this.renewed(epoch, tokens);
      } else if (method === AuthService.method.resetPassword && this.#keeper.store.current.status === "signedIn") {
        void this.#keeper.check();
      }
      return;
    }
    if (method.parent.typeName !== AccountService.typeName) {
      return;
    }
    if (method === AccountService.method.signOut || method === AccountService.method.deleteAccount) {
      await this.#bearer?.end();
      this.#keeper.end(epoch);
    } else if (method === AccountService.method.getProfile) {
      user && this.#keeper.know(epoch, user);
    } else if (user) {
      this.#keeper.changed(epoch, user);
    } else if (isMessage(message, ListSessionsResponseSchema)) {
      const own = message.sessions.find(({ current }) => current);
      own?.expiresAt && this.#keeper.renewed(epoch, timestampDate(own.expiresAt));
    }
  }

  async refusal(method: DescMethod, epoch: number, error: LatchkeyError): Promise<void> {
    if (error.reason === "NETWORK_FAILED") {
      this.#keeper.lost();
    } else if (!needsNoSession(method) && over.has(error.reason)) {
      await this.ended(epoch, error);
    }
  }

  /** Notes that the session goes on. */
  renewed(epoch: number, tokens: Tokens): void {
    const end = endOf(tokens);
    end && this.#keeper.renewed(epoch, end);
  }

  /** Notes that the server says the session is over. */
  async ended(epoch: number, error: LatchkeyError): Promise<void> {
    if (epoch === this.#keeper.epoch) {
      await this.#bearer?.end();
      this.#keeper.end(epoch, error.reason);
    }
  }
}

function endOf(tokens: Tokens): Date | undefined {
  return tokens.refreshExpiresAt && timestampDate(tokens.refreshExpiresAt);
}
