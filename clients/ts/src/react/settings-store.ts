import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";

/** The wait between retries, in milliseconds. It doubles up to the maximum. */
const firstWait = 1_000;
const longestWait = 30_000;

/** The server's settings, and the state of fetching them. */
export interface SettingsResult {
  /** The settings; undefined until they are fetched. */
  readonly data: Settings | undefined;
  /** The error of the last attempt, if it has failed. It is retried automatically with exponential backoff. */
  readonly error: LatchkeyError | undefined;
  /** Retries at once. Resolves when the attempt has ended, and never rejects. Does nothing once the settings are fetched. */
  readonly refetch: () => Promise<void>;
}

/** Holds the server's settings. It fetches them for the first subscriber, and retries until it succeeds. */
export class SettingsStore {
  readonly #fetch: () => Promise<Settings>;
  readonly #listeners = new Set<() => void>();
  #failures = 0;
  #inFlight: Promise<void> | undefined;
  #cancelRetry: () => void = () => undefined;
  #result: SettingsResult;

  constructor(fetch: () => Promise<Settings>) {
    this.#fetch = fetch;
    this.#result = { data: undefined, error: undefined, refetch: () => this.#refetch() };
  }

  readonly getSnapshot = (): SettingsResult => this.#result;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      void this.#refetch();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#cancelRetry();
      }
    };
  };

  /** Fetches, or joins the request in flight. */
  #refetch(): Promise<void> {
    if (this.#result.data) {
      return Promise.resolve();
    }
    this.#cancelRetry();
    this.#inFlight ??= this.#fetchOnce().finally(() => {
      this.#inFlight = undefined;
    });
    return this.#inFlight;
  }

  async #fetchOnce(): Promise<void> {
    try {
      this.#set({ ...this.#result, data: await this.#fetch(), error: undefined });
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      this.#set({ ...this.#result, error });
      const wait = Math.min(firstWait * 2 ** this.#failures++, longestWait);
      // Jitter, so that not all pages call a recovering server at once.
      this.#retryAfter(Math.max(error.retryAfter ?? 0, wait * (0.5 + Math.random() / 2)));
    }
  }

  /** Retries after a wait, or when the browser is online again. */
  #retryAfter(milliseconds: number): void {
    if (this.#listeners.size === 0) {
      return;
    }
    const again = () => void this.#refetch();
    const timer = setTimeout(again, milliseconds);
    globalThis.addEventListener?.("online", again);
    this.#cancelRetry = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", again);
    };
  }

  #set(result: SettingsResult): void {
    this.#result = result;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
