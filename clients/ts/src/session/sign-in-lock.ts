/** Between two looks at the locks of other tabs, in milliseconds. */
const pollInterval = 50;
/** A sign-in takes no longer than a call may; a tab that the browser has frozen meanwhile is not waited for. */
const longestWait = 20_000;
/** A lock that the browser does not give at once is not worth a user's time. */
const longestRequest = 1_000;

/**
 * Marks the calls that are about to replace the session, in all tabs. The server ends the former session before the new
 * cookies have arrived here: a tab that asks in between would be told that no user is signed in.
 */
export class SignInLock {
  readonly #name: string | undefined;
  #own = 0;

  /** @param name - shared by the tabs that share a session; undefined where there are no other tabs */
  constructor(name: string | undefined) {
    this.#name = name;
  }

  /** Runs a call that starts a session. Such calls do not wait for each other. */
  async hold<T>(call: () => Promise<T>): Promise<T> {
    this.#own++;
    try {
      return await this.#shared(call);
    } finally {
      this.#own--;
    }
  }

  /** Reports whether such a call is under way in any tab. */
  async isHeld(): Promise<boolean> {
    return this.#own > 0 || (await this.#heldElsewhere());
  }

  /** Waits until no such call is under way. */
  async released(): Promise<void> {
    // Polled: a request for an exclusive lock would make the next sign-in of any tab wait for this one.
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
        // How the call ends is its caller's affair.
        await result.catch(() => undefined);
      });
    } catch {
      // Refused, as in a browser that blocks cookies, or too late.
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

  /** Web Locks exist in secure contexts alone: https, and http on the developer's own machine. */
  #locks(): LockManager | undefined {
    return globalThis.document && globalThis.navigator?.locks;
  }
}
