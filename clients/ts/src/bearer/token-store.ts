/** The stored tokens of a session, as plain JSON. */
export interface StoredTokens {
  /** The token that calls carry. */
  readonly accessToken: string;
  /** When the access token expires, in milliseconds since 1970. */
  readonly accessExpiresAt: number;
  /** The token that renews both. */
  readonly refreshToken: string;
  /** When the refresh token expires, in milliseconds since 1970. */
  readonly refreshExpiresAt: number;
}

/**
 * Stores tokens in bearer mode, for example in the memory of a Node process or the key store of a phone. Do not use localStorage
 * in a browser, because every script of the page can read it. Use cookie mode there.
 */
export interface TokenStore {
  /** Returns the stored tokens, if any. */
  load(): StoredTokens | undefined | null | Promise<StoredTokens | undefined | null>;
  /** Stores tokens in place of the previous ones. */
  save(tokens: StoredTokens): void | Promise<void>;
  /** Removes the tokens. */
  clear(): void | Promise<void>;
}

/** Returns a store that holds tokens in memory until the process ends. */
export function memoryTokenStore(): TokenStore {
  let held: StoredTokens | undefined;
  return {
    load: () => held,
    save: (tokens) => {
      held = tokens;
    },
    clear: () => {
      held = undefined;
    },
  };
}
