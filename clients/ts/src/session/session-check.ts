import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import type { SignInLock } from "./sign-in-lock.js";

/** What the server answers to the question who is signed in. */
export interface SessionAnswer {
  /** Not set when no user is signed in. */
  readonly user?: User | undefined;
  readonly expiresAt?: Date | undefined;
  /** Why the session is over, where the server has told. */
  readonly reason?: Reason | undefined;
}

/** Asks the server who is signed in, with the credentials that this client has at this moment. */
export type AskSession = () => Promise<SessionAnswer>;

/** Who takes the answers of a check. */
export interface CheckListener<Begun> {
  /** Notes that a question begins. */
  readonly begins: () => Begun;
  /** Reports whether a sign-in or sign-out here has made a question pointless. */
  readonly isOvertaken: (begun: Begun) => boolean;
  /** Reports whether an answer would end a session that is known. */
  readonly wouldEnd: (answer: SessionAnswer) => boolean;
  readonly onAnswer: (begun: Begun, answer: SessionAnswer) => void;
  readonly onFailure: (begun: Begun, error: LatchkeyError) => void;
}

/** However much happens meanwhile, an answer is believed in the end. */
const mostRounds = 4;

/** Asks one question at a time, however many callers want to know. */
export class SessionCheck<Begun> {
  readonly #ask: AskSession;
  readonly #lock: SignInLock;
  readonly #listener: CheckListener<Begun>;
  #running: Promise<void> | undefined;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: AskSession, lock: SignInLock, listener: CheckListener<Begun>) {
    this.#ask = ask;
    this.#lock = lock;
    this.#listener = listener;
  }

  /** Asks, or joins the question that is under way. Never rejects. */
  run(): Promise<void> {
    this.cancelLater();
    this.#running ??= this.#rounds();
    return this.#running;
  }

  /** Asks a question that begins from now on: one that is under way may predate what has happened. Never rejects. */
  runAfresh(): Promise<void> {
    this.#again = this.#running !== undefined;
    return this.run();
  }

  /** Asks afresh within some milliseconds, once for all who want it meanwhile. */
  runLater(longestWait: number): void {
    if (this.#running) {
      this.#again = true;
    } else {
      this.#timer ??= setTimeout(() => void this.run(), Math.random() * longestWait);
    }
  }

  cancelLater(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #rounds(): Promise<void> {
    try {
      let round = 0;
      do {
        round++;
        await this.#lock.released();
        // The question begins only now, so it serves everyone who has asked for a fresh one before.
        this.#again = false;
        await this.#once(round === mostRounds);
      } while (this.#again && round < mostRounds);
    } finally {
      this.#running = undefined;
    }
  }

  /** Asks once. An answer that something has overtaken is thrown away, and asked for again. */
  async #once(last: boolean): Promise<void> {
    const begun = this.#listener.begins();
    let answer: SessionAnswer;
    try {
      answer = await this.#ask();
    } catch (caught) {
      // What failed is asked again later, not at once.
      this.#again = false;
      this.#listener.onFailure(begun, LatchkeyError.from(caught));
      return;
    }
    if (this.#listener.isOvertaken(begun)) {
      return;
    }
    if (!last) {
      // The cookies of a sign-in that is under way have not arrived yet, and those that were sent may be dead already.
      this.#again ||= this.#listener.wouldEnd(answer) && (await this.#lock.isHeld());
      if (this.#again || this.#listener.isOvertaken(begun)) {
        return;
      }
    }
    this.#listener.onAnswer(begun, answer);
  }
}
