import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";

/** Between tries, in milliseconds, doubled each time up to the longest. */
const firstWait = 1_000;
const longestWait = 30_000;

/** What is known of the server's settings. */
export interface SettingsResult {
  /** The settings; undefined until the server has answered. */
  readonly data: Settings | undefined;
  /** Why the last try has failed; undefined when it has not. The server is asked again by itself, at growing intervals. */
  readonly error: LatchkeyError | undefined;
  /** Asks again at once. Resolves when this try is over, and never rejects. Without effect once there are settings. */
  readonly retry: () => Promise<void>;
}

/** Holds the server's settings. It asks once a listener is there, and again until there is an answer. */
export class SettingsStore {
  readonly #ask: () => Promise<Settings>;
  readonly #listeners = new Set<() => void>();
  #failures = 0;
  #trying: Promise<void> | undefined;
  #stopWaiting: () => void = () => undefined;
  #result: SettingsResult;

  constructor(ask: () => Promise<Settings>) {
    this.#ask = ask;
    this.#result = { data: undefined, error: undefined, retry: () => this.#try() };
  }

  readonly getSnapshot = (): SettingsResult => this.#result;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      void this.#try();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#stopWaiting();
      }
    };
  };

  /** Asks, or joins the try that is under way. */
  #try(): Promise<void> {
    if (this.#result.data) {
      return Promise.resolve();
    }
    this.#stopWaiting();
    this.#trying ??= this.#once().finally(() => {
      this.#trying = undefined;
    });
    return this.#trying;
  }

  async #once(): Promise<void> {
    try {
      this.#set({ ...this.#result, data: await this.#ask(), error: undefined });
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      this.#set({ ...this.#result, error });
      const wait = Math.min(firstWait * 2 ** this.#failures++, longestWait);
      // Jitter, so that a server that comes back is not asked by all pages at once.
      this.#tryAgainAfter(Math.max(error.retryAfter ?? 0, wait * (0.5 + Math.random() / 2)));
    }
  }

  /** Tries again after a while, or when the browser is online again. */
  #tryAgainAfter(milliseconds: number): void {
    if (this.#listeners.size === 0) {
      return;
    }
    const again = () => void this.#try();
    const timer = setTimeout(again, milliseconds);
    globalThis.addEventListener?.("online", again);
    this.#stopWaiting = () => {
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
