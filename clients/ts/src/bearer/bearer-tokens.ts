import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { StoredTokens, TokenStore } from "./token-store.js";

/** Holds the tokens of bearer mode. Concurrent calls share one renewal. */
export class BearerTokens {
  readonly #store: TokenStore;
  readonly #renew: (refreshToken: string) => Promise<Tokens>;
  #renewing: Promise<string | undefined> | undefined;
  /** Runs the operations on the store one after the other. Otherwise a slow save could finish after a later clear. */
  #queue: Promise<unknown> = Promise.resolve();
  /** False once the clock has called a new token expired. Then only the server decides. */
  #clockIsGood = true;

  constructor(store: TokenStore, renew: (refreshToken: string) => Promise<Tokens>) {
    this.#store = store;
    this.#renew = renew;
  }

  save(tokens: Tokens): Promise<void> {
    return this.#enqueue(() => this.#store.save(toStored(tokens)));
  }

  clear(): Promise<void> {
    return this.#enqueue(() => this.#store.clear());
  }

  /** Returns the tokens that the store holds now. */
  load(): Promise<StoredTokens | undefined | null> {
    return this.#enqueue(() => this.#store.load());
  }

  /**
   * Clears tokens that the server has rejected, and reports whether it did. It keeps other tokens, which another tab or process
   * may have stored in the meantime.
   */
  clearIfUnchanged(rejected: StoredTokens): Promise<boolean> {
    return this.#enqueue(async () => {
      const held = await this.#store.load();
      if (held && !isSame(held, rejected)) {
        return false;
      }
      await this.#store.clear();
      return true;
    });
  }

  /**
   * Returns an access token, renewed if it has expired. Rejects when it cannot be renewed.
   *
   * @param refused - a token that the server called expired
   */
  async accessToken(refused?: string): Promise<string | undefined> {
    const held = await this.load();
    if (!held) {
      return undefined;
    }
    const expired = this.#clockIsGood && held.accessExpiresAt <= Date.now();
    return held.accessToken !== refused && !expired ? held.accessToken : this.#renewOnce(held.accessToken);
  }

  #renewOnce(stale: string): Promise<string | undefined> {
    this.#renewing ??= this.#renewTokens(stale).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewTokens(stale: string): Promise<string | undefined> {
    const held = await this.load();
    if (!held || held.accessToken !== stale) {
      // Another call has renewed or removed the tokens.
      return held?.accessToken;
    }
    const renewed = toStored(await this.#renew(held.refreshToken));
    const kept = await this.#enqueue(async () => {
      // After a sign-in, a sign-out or a change by another process, the renewed tokens of the earlier session are discarded.
      const now = await this.#store.load();
      if (!now || !isSame(now, held)) {
        return false;
      }
      await this.#store.save(renewed);
      return true;
    });
    if (!kept) {
      return (await this.load())?.accessToken;
    }
    this.#clockIsGood = renewed.accessExpiresAt > Date.now();
    return renewed.accessToken;
  }

  #enqueue<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#queue.then(work).catch((cause: unknown) => {
      throw new ConnectError("the token store has failed", Code.Internal, undefined, undefined, cause);
    });
    this.#queue = done.catch(() => undefined);
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
