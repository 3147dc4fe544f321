import { toJsonString } from "@bufbuild/protobuf";
import { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import { type User, UserSchema } from "../gen/latchkey/v1/user_pb.js";
import { Reconnect } from "./reconnect.js";
import type { Session } from "./session.js";
import { SessionStore } from "./session-store.js";
import { type News, Tabs } from "./tabs.js";

/** What the keeper asks the server. The answers come back to it by the methods below, as those of every call do. */
export interface Questions {
  /** Tells whether there can be a session at all. */
  possible(): Promise<boolean>;
  /** Asks who is signed in. */
  profile(): Promise<unknown>;
  /** Asks when the session ends. */
  expiry(): Promise<unknown>;
}

/** Keeps the session up to date from the answers to calls, from the other tabs, and by asking. */
export class SessionKeeper {
  readonly store: SessionStore;
  readonly #questions: Questions;
  readonly #tabs: Tabs | undefined;
  readonly #reconnect = new Reconnect(() => void this.check());
  #checking: Promise<void> | undefined;
  #epoch = 0;
  /** Nobody listened for a while, and neither did we to the other tabs. */
  #rested = false;

  constructor(questions: Questions, channel: string | undefined) {
    this.#questions = questions;
    this.#tabs = channel === undefined ? undefined : new Tabs(channel, (news) => this.#hear(news));
    this.store = new SessionStore((watched) => (watched ? this.#watch() : this.#rest()));
  }

  /**
   * Counts sign-ins and sign-outs. An answer counts only if the number is still what it was when its call began: what is
   * heard late of an earlier session says nothing about this one.
   */
  get epoch(): number {
    return this.#epoch;
  }

  /** Asks the server who is signed in, once however many ask. Never rejects: a failure stands in the session. */
  check(): Promise<void> {
    this.#checking ??= this.#ask().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** Asks what no question can have asked that is under way. */
  async #checkAfresh(): Promise<void> {
    await this.#checking;
    await this.check();
  }

  /** Somebody has signed in here. */
  begin(user: User, expiresAt: Date | undefined): void {
    this.#epoch++;
    this.#reconnect.answered();
    this.store.set({ status: "signedIn", user, role: user.role, expiresAt });
    this.#tabs?.tell("begun");
  }

  /** The server has told who is signed in. */
  know(epoch: number, user: User): void {
    if (epoch !== this.#epoch) {
      return;
    }
    this.#reconnect.answered();
    const { current } = this.store;
    if (current.status === "signedIn" && toJsonString(UserSchema, current.user) === toJsonString(UserSchema, user)) {
      return;
    }
    const same = current.user?.id === user.id;
    if (!same && current.status !== "loading") {
      this.#epoch++;
    }
    this.store.set({ status: "signedIn", user, role: user.role, expiresAt: same ? current.expiresAt : undefined });
    if (!same) {
      // Nobody waits for it, and a failure changes nothing.
      this.#questions.expiry().catch(() => undefined);
    }
  }

  /** The account was changed by a call from here. */
  changed(epoch: number, user: User): void {
    this.know(epoch, user);
    this.#tabs?.tell("changed");
  }

  /** The server has told when the session ends. */
  renewed(epoch: number, expiresAt: Date): void {
    const { current } = this.store;
    if (
      epoch === this.#epoch &&
      current.status === "signedIn" &&
      current.expiresAt?.getTime() !== expiresAt.getTime()
    ) {
      this.store.set({ ...current, expiresAt });
    }
  }

  /** The session has ended, for a reason unless somebody wanted it to. */
  end(epoch: number, reason?: Reason): void {
    if (epoch !== this.#epoch) {
      return;
    }
    const { status } = this.store.current;
    // Signed out on a page that had not asked yet: others may know of a session.
    const told = status === "signedIn" || (status === "loading" && reason === undefined);
    this.#forget(reason);
    if (told) {
      this.#tabs?.tell(reason === undefined ? "ended" : { ended: reason });
    }
  }

  /** A call got no good answer: the session may have ended without our hearing of it. */
  lost(retryAfter?: number): void {
    if (this.store.current.status !== "signedOut") {
      this.#reconnect.failed(retryAfter);
    }
  }

  #hear(news: News): void {
    if (news === "ended") {
      this.#forget();
    } else if (typeof news === "object") {
      this.#forget(news.ended);
    } else {
      void this.#checkAfresh();
    }
  }

  async #ask(): Promise<void> {
    const epoch = this.#epoch;
    try {
      if (await this.#questions.possible()) {
        await this.#questions.profile();
      } else {
        this.end(epoch);
      }
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      if (this.store.current.status === "loading") {
        this.store.set({ status: "loading", error });
      }
      // The transport has told of a lost connection already.
      if (error.reason !== "NETWORK_FAILED") {
        this.lost(error.retryAfter);
      }
    }
  }

  #forget(reason?: Reason): void {
    this.#reconnect.answered();
    const { status } = this.store.current;
    if (status === "signedOut") {
      return;
    }
    this.#epoch++;
    const tell = reason !== undefined && !(status === "loading" && reason === "TOKEN_MISSING");
    const session: Session = tell ? { status: "signedOut", reason } : { status: "signedOut" };
    this.store.set(session);
  }

  #watch(): void {
    this.#tabs?.listen();
    this.#reconnect.start();
    if (this.#rested || this.store.current.status === "loading") {
      void this.check();
    }
    this.#rested = false;
  }

  #rest(): void {
    this.#rested = true;
    this.#tabs?.stopListening();
    this.#reconnect.stop();
  }
}
