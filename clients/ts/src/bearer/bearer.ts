import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { StoredTokens, TokenStore } from "./token-store.js";

/** Holds the tokens of bearer mode and renews them, once however many calls need it. */
export class Bearer {
  readonly #store: TokenStore;
  readonly #renew: (refreshToken: string) => Promise<Tokens>;
  #renewing: Promise<string | undefined> | undefined;
  /** Counts sign-ins and sign-outs: what is renewed of an earlier session must not be kept. */
  #generation = 0;
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
    this.#generation++;
    return this.#inTurn(() => this.#store.save(toStored(tokens)));
  }

  end(): Promise<void> {
    this.#generation++;
    return this.#inTurn(() => this.#store.clear());
  }

  /** Tells whether there are tokens. */
  async has(): Promise<boolean> {
    return (await this.#load()) != null;
  }

  /**
   * Gives an access token, renewed if it has ended. Rejects with the refusal when the session is over.
   *
   * @param refused - a token that the server called expired
   */
  async accessToken(refused?: string): Promise<string | undefined> {
    const held = await this.#load();
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
    const generation = this.#generation;
    const held = await this.#load();
    if (!held || held.accessToken !== stale) {
      // Renewed, or gone, since the caller looked.
      return held?.accessToken;
    }
    const renewed = toStored(await this.#renew(held.refreshToken));
    const kept = await this.#inTurn(async () => {
      if (generation !== this.#generation) {
        return false;
      }
      await this.#store.save(renewed);
      return true;
    });
    if (!kept) {
      return (await this.#load())?.accessToken;
    }
    this.#clockIsGood = renewed.accessExpiresAt > Date.now();
    return renewed.accessToken;
  }

  #load(): Promise<StoredTokens | undefined | null> {
    return this.#inTurn(() => this.#store.load());
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#turn.then(work).catch((cause: unknown) => {
      // Said in so many words: a TypeError of the store's would pass for a lost connection.
      throw new ConnectError("the token store has failed", Code.Internal, undefined, undefined, cause);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function toStored(tokens: Tokens): StoredTokens {
  return {
    accessToken: tokens.accessToken,
    accessExpiresAt: tokens.accessExpiresAt ? timestampMs(tokens.accessExpiresAt) : 0,
    refreshToken: tokens.refreshToken,
    refreshExpiresAt: tokens.refreshExpiresAt ? timestampMs(tokens.refreshExpiresAt) : 0,
  };
}
