/** The interval for polling the locks of other tabs, in milliseconds. */
const pollInterval = 50;
/** The maximum wait for other tabs: the timeout of a call. A tab that the browser has frozen would hold its lock forever. */
const longestWait = 20_000;
/** The maximum wait for the lock. After that, the sign-in continues without the lock. */
const longestRequest = 1_000;

/**
 * A lock, shared by all tabs, that is held during calls that replace the session. The server ends the old session before the new
 * cookies have arrived, so a tab that fetches in between would see no session.
 */
export class SignInLock {
  readonly #name: string | undefined;
  #own = 0;

  /** @param name - the name for all tabs that share a session; undefined where there are no other tabs */
  constructor(name: string | undefined) {
    this.#name = name;
  }

  /** Runs a call that starts a session. Such calls do not block each other. */
  async hold<T>(call: () => Promise<T>): Promise<T> {
    this.#own++;
    try {
      return await this.#shared(call);
    } finally {
      this.#own--;
    }
  }

  /** Reports whether such a call is pending in any tab. */
  async isHeld(): Promise<boolean> {
    return this.#own > 0 || (await this.#heldElsewhere());
  }

  /** Waits until no such call is pending. */
  async released(): Promise<void> {
    // Polling, because a pending request for an exclusive lock would block the next sign-in in any tab.
    for (const end = Date.now() + longestWait; Date.now() < end && (await this.isHeld()); ) {
      await new Promise((resolve) => setTimeout(resolve, pollInterval));
    }
  }

  async #shared<T>(call: () => Promise<T>): Promise<T> {
    const locks = this.#locks();
    if (!locks || this.#name === undefined) {
      return call();
    }
    let result: Promise<T> | undefined;
    const options: LockOptions = { mode: "shared", signal: AbortSignal.timeout(longestRequest) };
    try {
      await locks.request(this.#name, options, async () => {
        result = call();
        // The caller handles the error.
        await result.catch(() => undefined);
      });
    } catch {
      // Not granted, for example in a browser that blocks cookies, or timed out.
    }
    return result ?? call();
  }

  async #heldElsewhere(): Promise<boolean> {
    const locks = this.#locks();
    if (!locks || this.#name === undefined) {
      return false;
    }
    try {
      const { held = [] } = await locks.query();
      return held.some(({ name }) => name === this.#name);
    } catch {
      return false;
    }
  }

  /** Returns the Web Locks API, which exists in secure contexts only: https, and http on localhost. */
  #locks(): LockManager | undefined {
    return globalThis.document && globalThis.navigator?.locks;
  }
}
