import { isPassing } from "../errors/passing.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";

/** Between tries, in milliseconds, doubled each time up to the longest. */
const firstWait = 1_000;
const longestWait = 30_000;

/** Holds what the server asks of new accounts. It asks once somebody wants to know, and again until there is an answer. */
export class SettingsStore {
  #settings: Settings | undefined;
  #asking = false;
  readonly #listeners = new Set<() => void>();
  readonly #ask: () => Promise<Settings>;

  constructor(ask: () => Promise<Settings>) {
    this.#ask = ask;
  }

  readonly getSnapshot = (): Settings | undefined => this.#settings;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#settings && !this.#asking) {
      void this.#askUntilAnswered();
    }
    return () => {
      this.#listeners.delete(listener);
    };
  };

  async #askUntilAnswered(): Promise<void> {
    this.#asking = true;
    for (let wait = firstWait; this.#listeners.size > 0 && !this.#settings; wait *= 2) {
      try {
        this.#settings = await this.#ask();
      } catch (caught) {
        if (!isPassing(caught)) {
          break; // until somebody else wants to know
        }
        await pause(Math.min(wait, longestWait));
      }
    }
    this.#asking = false;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** Waits, but no longer than until the connection is back. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", go);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    globalThis.addEventListener?.("online", go);
  });
}
