/** The tokens of a session, as they are kept. It is plain JSON. */
export interface StoredTokens {
  /** What calls carry. */
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  readonly accessExpiresAt: number;
  /** What renews both tokens. */
  readonly refreshToken: string;
  /** When the refresh token ends, in milliseconds since 1970. */
  readonly refreshExpiresAt: number;
}

/**
 * Where tokens are kept in bearer mode: the memory of a Node process, the key store of a phone. Do not use a browser's
 * localStorage, which every script of the page can read; browsers have cookie mode.
 */
export interface TokenStore {
  /** Returns the tokens that were saved last; nothing when there are none. */
  load(): StoredTokens | undefined | null | Promise<StoredTokens | undefined | null>;
  /** Keeps tokens in the place of those before. */
  save(tokens: StoredTokens): void | Promise<void>;
  /** Forgets the tokens. */
  clear(): void | Promise<void>;
}

/** Keeps tokens in memory, until the process ends. */
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
