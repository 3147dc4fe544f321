const firstWait = 1000;
const longestWait = 30_000;
/** A tab that was out of sight for longer asks again: the session may have ended on another device. */
const outOfSight = 60_000;

/** Asks again after the connection was lost: when the browser is online again, and at growing intervals until an answer comes. */
export class Reconnect {
  readonly #check: () => void;
  #running = false;
  #failures = 0;
  /** Whether the last try got no answer at all. */
  #isLost = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hiddenSince: number | undefined;
  #ending: AbortController | undefined;

  constructor(check: () => void) {
    this.#check = check;
  }

  start(): void {
    this.#running = true;
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    globalThis.addEventListener?.("online", () => this.#again(), { signal });
    // A page that the browser kept whole while another one was shown: it may show what has been signed out of.
    globalThis.addEventListener?.("pageshow", (event) => event.persisted && this.#again(), { signal });
    globalThis.document?.addEventListener("visibilitychange", () => this.#seen(), { signal });
    if (this.#failures > 0) {
      this.#again();
    }
  }

  stop(): void {
    this.#running = false;
    this.#ending?.abort();
    clearTimeout(this.#timer);
  }

  /** Notes that the server has answered that it cannot tell. */
  failed(retryAfter = 0): void {
    this.#isLost = false;
    this.#retryLater(retryAfter);
  }

  /** Notes that no answer came. */
  lost(): void {
    this.#isLost = true;
    this.#retryLater(0);
  }

  #retryLater(retryAfter: number): void {
    this.#failures++;
    if (!this.#running) {
      return;
    }
    const wait = Math.min(firstWait * 2 ** (this.#failures - 1), longestWait);
    clearTimeout(this.#timer);
    // Jitter, so that a server that comes back is not asked by all pages at once.
    this.#timer = setTimeout(() => this.#check(), Math.max(retryAfter, wait * (0.5 + Math.random() / 2)));
  }

  /** Notes that the server has answered another call: the connection is back. */
  reached(): void {
    if (this.#running && this.#isLost) {
      this.#isLost = false;
      this.#again();
    }
  }

  /** Notes that an answer came. */
  answered(): void {
    this.#failures = 0;
    this.#isLost = false;
    clearTimeout(this.#timer);
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#check();
  }

  #seen(): void {
    if (document.visibilityState === "hidden") {
      this.#hiddenSince = Date.now();
    } else if (this.#hiddenSince !== undefined && Date.now() - this.#hiddenSince >= outOfSight) {
      this.#hiddenSince = undefined;
      this.#again();
    }
  }
}
