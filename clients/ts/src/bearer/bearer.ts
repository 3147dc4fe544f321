import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Tokens } from "../gen/latchkey/v1/tokens_pb.js";
import type { StoredTokens, TokenStore } from "./token-store.js";

/** Holds the tokens of bearer mode and renews them, once however many calls need it. */
export class Bearer {
  readonly #store: TokenStore;
  readonly #renew: (refreshToken: string) => Promise<Tokens>;
  #renewing: Promise<string | undefined> | undefined;
  /** Counts sign-ins and sign-outs: what is renewed of an earlier session must not be kept. */
  #generation = 0;
  /** A clock that calls a fresh token old is not asked again. */
  #clockIsGood = true;

  constructor(store: TokenStore, renew: (refreshToken: string) => Promise<Tokens>) {
    this.#store = store;
    this.#renew = renew;
  }

  async begin(tokens: Tokens): Promise<void> {
    this.#generation++;
    await this.#store.save(toStored(tokens));
  }

  async end(): Promise<void> {
    this.#generation++;
    await this.#store.clear();
  }

  /** Tells whether there are tokens. */
  async has(): Promise<boolean> {
    return (await this.#store.load()) != null;
  }

  /**
   * Gives an access token, renewed if it has ended. Rejects with the refusal when the session is over.
   *
   * @param refused - a token that the server called expired
   */
  async accessToken(refused?: string): Promise<string | undefined> {
    const held = await this.#store.load();
    if (!held) {
      return undefined;
    }
    const ended = this.#clockIsGood && held.accessExpiresAt <= Date.now();
    return held.accessToken !== refused && !ended ? held.accessToken : this.#once();
  }

  #once(): Promise<string | undefined> {
    this.#renewing ??= this.#renewed().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewed(): Promise<string | undefined> {
    const generation = this.#generation;
    const held = await this.#store.load();
    if (!held) {
      return undefined;
    }
    const renewed = toStored(await this.#renew(held.refreshToken));
    if (generation !== this.#generation) {
      return (await this.#store.load())?.accessToken;
    }
    this.#clockIsGood = renewed.accessExpiresAt > Date.now();
    await this.#store.save(renewed);
    return renewed.accessToken;
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
