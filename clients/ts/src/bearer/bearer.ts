import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { StoredTokens, TokenStore } from "./token-store.js";

/** Holds the tokens of bearer mode and renews them, once however many calls need it. */
export class Bearer {
  readonly #store: TokenStore;
  readonly #renew: (refreshToken: string) => Promise<Tokens>;
  #renewing: Promise<string | undefined> | undefined;
  /**
   * A store may take its time. What is done with it is done one after the other, so that a session that ends is not
   * overtaken by what is still being kept of it.
   */
  #turn: Promise<unknown> = Promise.resolve();
  /** A clock that calls a fresh token old is not asked again. */
  #clockIsGood = true;

  constructor(store: TokenStore, renew: (refreshToken: string) => Promise<Tokens>) {
    this.#store = store;
    this.#renew = renew;
  }

  begin(tokens: Tokens): Promise<void> {
    return this.#inTurn(() => this.#store.save(toStored(tokens)));
  }

  end(): Promise<void> {
    return this.#inTurn(() => this.#store.clear());
  }

  /** Returns the tokens that the store holds now. */
  held(): Promise<StoredTokens | undefined | null> {
    return this.#inTurn(() => this.#store.load());
  }

  /**
   * Clears tokens that the server does not take any more, and reports whether it did. It does not when the store holds
   * others by now: another tab or process may have signed in or renewed them.
   */
  drop(dead: StoredTokens): Promise<boolean> {
    return this.#inTurn(async () => {
      const held = await this.#store.load();
      if (held && !isSame(held, dead)) {
        return false;
      }
      await this.#store.clear();
      return true;
    });
  }

  /**
   * Returns an access token, renewed if it has ended. Rejects with the refusal when it cannot be renewed.
   *
   * @param refused - a token that the server called expired
   */
  async accessToken(refused?: string): Promise<string | undefined> {
    const held = await this.held();
    if (!held) {
      return undefined;
    }
    const ended = this.#clockIsGood && held.accessExpiresAt <= Date.now();
    return held.accessToken !== refused && !ended ? held.accessToken : this.#once(held.accessToken);
  }

  #once(stale: string): Promise<string | undefined> {
    this.#renewing ??= this.#renewed(stale).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewed(stale: string): Promise<string | undefined> {
    const held = await this.held();
    if (!held || held.accessToken !== stale) {
      // Renewed, or gone, since the caller looked.
      return held?.accessToken;
    }
    const renewed = toStored(await this.#renew(held.refreshToken));
    const kept = await this.#inTurn(async () => {
      // A sign-in, a sign-out or another process may have been quicker: what is renewed of an earlier session is not kept.
      const now = await this.#store.load();
      if (!now || !isSame(now, held)) {
        return false;
      }
      await this.#store.save(renewed);
      return true;
    });
    if (!kept) {
      return (await this.held())?.accessToken;
    }
    this.#clockIsGood = renewed.accessExpiresAt > Date.now();
    return renewed.accessToken;
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#turn.then(work).catch((cause: unknown) => {
      throw new ConnectError("the token store has failed", Code.Internal, undefined, undefined, cause);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function isSame(one: StoredTokens, other: StoredTokens): boolean {
  return one.accessToken === other.accessToken && one.refreshToken === other.refreshToken;
}

function toStored(tokens: Tokens): StoredTokens {
  return {
    accessToken: tokens.accessToken,
    accessExpiresAt: tokens.accessExpiresAt ? timestampMs(tokens.accessExpiresAt) : 0,
    refreshToken: tokens.refreshToken,
    refreshExpiresAt: tokens.refreshExpiresAt ? timestampMs(tokens.refreshExpiresAt) : 0,
  };
}
