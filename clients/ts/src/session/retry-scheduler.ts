const firstWait = 1000;
const longestWait = 30_000;
/** A tab that was hidden for longer retries when it is visible again: the session may have ended elsewhere. */
const longHidden = 60_000;

/** Schedules retries of the session request: with exponential backoff, when the browser is online, and when the tab is visible again. */
export class RetryScheduler {
  readonly #retry: () => void;
  #running = false;
  #failures = 0;
  /** Whether the last attempt got no response. */
  #isLost = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hiddenSince: number | undefined;
  #listeners: AbortController | undefined;

  constructor(retry: () => void) {
    this.#retry = retry;
  }

  start(): void {
    this.#running = true;
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    globalThis.addEventListener?.("online", () => this.#retryNow(), { signal });
    // A page restored from the back/forward cache may show a session that has ended.
    globalThis.addEventListener?.("pageshow", (event) => event.persisted && this.#retryNow(), { signal });
    globalThis.document?.addEventListener("visibilitychange", () => this.#onVisibilityChange(), { signal });
    if (this.#failures > 0) {
      this.#retryNow();
    }
  }

  stop(): void {
    this.#running = false;
    this.#listeners?.abort();
    clearTimeout(this.#timer);
  }

  /** Called when the server has responded with an error. */
  serverFailed(retryAfter = 0): void {
    this.#isLost = false;
    this.#retryLater(retryAfter);
  }

  /** Called when no response came. */
  connectionLost(): void {
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
    // Jitter, so that not all pages call a recovering server at once.
    this.#timer = setTimeout(() => this.#retry(), Math.max(retryAfter, wait * (0.5 + Math.random() / 2)));
  }

  /** Called when another call got a response. After a lost connection it retries at once. */
  responseReceived(): void {
    if (this.#running && this.#isLost) {
      this.#isLost = false;
      this.#retryNow();
    }
  }

  /** Called when the session was fetched. */
  succeeded(): void {
    this.#failures = 0;
    this.#isLost = false;
    clearTimeout(this.#timer);
  }

  #retryNow(): void {
    clearTimeout(this.#timer);
    this.#retry();
  }

  #onVisibilityChange(): void {
    if (document.visibilityState === "hidden") {
      this.#hiddenSince = Date.now();
    } else if (this.#hiddenSince !== undefined && Date.now() - this.#hiddenSince >= longHidden) {
      this.#hiddenSince = undefined;
      this.#retryNow();
    }
  }
}
