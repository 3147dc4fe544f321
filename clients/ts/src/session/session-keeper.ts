import type { LatchkeyError } from "../errors/latchkey-error.js";
import { isPassing } from "../errors/passing.js";
import type { Reason } from "../errors/reason.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { endReason, weightierCause } from "./end-reason.js";
import { Reconnect } from "./reconnect.js";
import { type AskSession, type SessionAnswer, SessionCheck } from "./session-check.js";
import { SessionStore } from "./session-store.js";
import type { SignInLock } from "./sign-in-lock.js";
import { type EndCause, Tabs } from "./tabs.js";
import { UserOrder } from "./user-order.js";

/** What was known when a call began. Its answer is judged by that. */
export interface Begun {
  /** See SessionKeeper.epoch. */
  readonly epoch: number;
  /** Orders calls by their beginning. */
  readonly order: number;
  readonly userId: string | undefined;
  /** How often other tabs had told until then that something has happened. */
  readonly toldByTabs: number;
}

/** A session that a call has started. */
export interface StartedSession {
  readonly user: User;
  readonly expiresAt: Date | undefined;
}

/** Tabs that are told to ask do so spread over this time, in milliseconds; those out of sight have more of it. */
const spread = 100;
const spreadOutOfSight = 1_000;

/** A role that the server has just confirmed is not asked for again at each refusal, for so many milliseconds. */
const roleConfirmed = 30_000;

/**
 * Keeps who is signed in, from the answers to calls and by asking. Its rules are:
 *
 *  - A refusal, another tab, or an answer about another user is never believed. It causes a question, asked with the
 *    credentials of that moment.
 *  - Data of the same user is ordered by `updatedAt`: the newest wins, whichever call brought it.
 *  - Who is signed in is decided by the epoch: an answer to a call of an earlier epoch says nothing about it.
 *  - A question that fails changes nothing. It is asked again.
 */
export class SessionKeeper {
  readonly store: SessionStore;
  readonly #check: SessionCheck<Begun>;
  readonly #tabs: Tabs | undefined;
  readonly #reconnect = new Reconnect(() => void this.check());
  #epoch = 0;
  #order = 0;
  readonly #users = new UserOrder();
  /** Why the session may have ended, until the server has answered. */
  #cause: EndCause | undefined;
  /** Whether the question was caused here, so that the other tabs have not been told yet. */
  #firsthand = false;
  #toldByTabs = 0;
  #roleAsked: { readonly role: string; readonly at: number } | undefined;
  /** No listener was there for a while, and the other tabs were not listened to. */
  #rested = false;

  constructor(ask: AskSession, lock: SignInLock, channel: string | undefined) {
    this.#check = new SessionCheck<Begun>(ask, lock, {
      begins: () => this.begins(),
      isOvertaken: ({ epoch }) => epoch !== this.#epoch,
      wouldEnd: ({ user }) => !user && this.store.current.status === "signedIn",
      onAnswer: (begun, answer) => this.#learn(begun, answer),
      onFailure: (begun, error) => this.#failed(begun, error),
    });
    this.#tabs = channel === undefined ? undefined : new Tabs(channel, (cause) => this.#told(cause));
    this.store = new SessionStore((watched) => (watched ? this.#watch() : this.#rest()));
  }

  /** Counts the changes of who is signed in. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Counts how often other tabs have told that something has happened. */
  get toldByTabs(): number {
    return this.#toldByTabs;
  }

  /** Notes that a call begins. */
  begins(): Begun {
    this.#order++;
    return {
      epoch: this.#epoch,
      order: this.#order,
      userId: this.store.current.user?.id,
      toldByTabs: this.#toldByTabs,
    };
  }

  /** Asks the server who is signed in, once however many ask. Never rejects: a failure stands in the session. */
  check(): Promise<void> {
    this.#firsthand = true;
    return this.#check.run();
  }

  /** Asks a question that begins from now on: something has happened that one under way may not know of. */
  checkAfresh(): Promise<void> {
    this.#firsthand = true;
    return this.#check.runAfresh();
  }

  /** Notes that a call here has started a session. The other tabs have to ask. */
  begin(begun: Begun, { user, expiresAt }: StartedSession): void {
    this.#epoch++;
    this.#reconnect.answered();
    this.#cause = undefined;
    this.#signedIn(begun, user, expiresAt);
    this.#tabs?.tellToAsk();
  }

  /** Notes the account as an answer describes it, and returns the newest data that is known of it. */
  know(begun: Begun, user: User): User {
    const { current } = this.store;
    if (current.status === "signedIn" && current.user.id === user.id) {
      const newest = this.#users.newest(begun.order, current.user, user);
      if (newest !== current.user) {
        this.store.set({ ...current, user: newest, role: newest.role });
      }
      return newest;
    }
    if (begun.epoch === this.#epoch) {
      if (current.status === "loading") {
        this.#signedIn(begun, user, undefined);
      } else {
        // The credentials have been replaced by another tab.
        void this.checkAfresh();
      }
    }
    return user;
  }

  /** Notes that a call here has changed the account, and returns the newest data that is known of it. */
  changed(begun: Begun, user: User): User {
    const known = this.know(begun, user);
    this.#tabs?.tellToAsk();
    return known;
  }

  /** Notes when the session ends. */
  renewed({ epoch }: Begun, expiresAt: Date): void {
    const { current } = this.store;
    if (epoch === this.#epoch && current.status === "signedIn" && !isSameTime(current.expiresAt, expiresAt)) {
      this.store.set({ ...current, expiresAt });
    }
  }

  /** Notes that the user has signed out here. The other tabs have to ask. */
  end({ epoch }: Begun): void {
    if (epoch !== this.#epoch) {
      void this.checkAfresh();
      return;
    }
    // On a page that has not asked yet, the session was one that other tabs may know of.
    const had = this.store.current.status !== "signedOut";
    this.#signedOut(undefined);
    if (had) {
      this.#tabs?.tellToAsk("signedOut");
    }
  }

  /**
   * Asks who is signed in, since a call was refused for its credentials. Reports whether the call may be sent again: the
   * user that it was meant for is signed in. Rejects when the server cannot be asked at this moment.
   */
  async refused(begun: Begun, reason: Reason): Promise<boolean> {
    // A refusal of an earlier epoch is about credentials that have been replaced.
    if (begun.epoch === this.#epoch && this.store.current.status !== "signedOut") {
      this.#cause = weightierCause(this.#cause, reason);
      await this.checkAfresh();
      const { error } = this.store.current;
      if (error && isPassing(error)) {
        throw error;
      }
    }
    const { current } = this.store;
    return !current.error && begun.userId !== undefined && current.user?.id === begun.userId;
  }

  /** Asks for the user's role, since a call was refused for it. */
  roleRefused(): void {
    const { role } = this.store.current;
    if (role === undefined || (this.#roleAsked?.role === role && Date.now() - this.#roleAsked.at < roleConfirmed)) {
      return;
    }
    this.#roleAsked = { role, at: Date.now() };
    void this.checkAfresh();
  }

  /** Notes that a call got no answer: the session may have ended without this client hearing of it. */
  lost(): void {
    if (this.store.current.status !== "signedOut") {
      this.#reconnect.lost();
    }
  }

  /** Notes that the server has answered a call. */
  reached(): void {
    this.#reconnect.reached();
  }

  #told(cause: EndCause | undefined): void {
    this.#toldByTabs++;
    this.#cause = weightierCause(this.#cause, cause);
    const hidden = globalThis.document?.visibilityState === "hidden";
    this.#check.runLater(hidden ? spreadOutOfSight : spread);
  }

  #learn(begun: Begun, { user, expiresAt, reason }: SessionAnswer): void {
    this.#reconnect.answered();
    const { current } = this.store;
    const firsthand = this.#firsthand;
    const cause = reason ?? this.#cause;
    this.#firsthand = false;
    this.#cause = undefined;
    if (!user) {
      this.#signedOut(endReason(current, cause));
    } else {
      if (current.status !== "loading" && current.user?.id !== user.id) {
        this.#epoch++;
      }
      this.#signedIn(begun, user, expiresAt);
    }
    if (firsthand && current.status !== "loading" && this.store.current.user?.id !== current.user?.id) {
      this.#tabs?.tellToAsk(user ? undefined : cause);
    }
  }

  #failed({ epoch }: Begun, error: LatchkeyError): void {
    if (error.reason === "NETWORK_FAILED") {
      this.#reconnect.lost();
    } else {
      this.#reconnect.failed(error.retryAfter);
    }
    if (epoch === this.#epoch) {
      this.store.set({ ...this.store.current, error });
    }
  }

  #signedIn(begun: Begun, user: User, expiresAt: Date | undefined): void {
    const { current } = this.store;
    const newest = this.#users.newest(begun.order, current.user, user);
    if (newest !== current.user || !isSameTime(expiresAt, current.expiresAt) || current.error) {
      this.store.set({ status: "signedIn", user: newest, role: newest.role, expiresAt });
    }
  }

  #signedOut(reason: Reason | undefined): void {
    this.#reconnect.answered();
    this.#cause = undefined;
    const { current } = this.store;
    if (current.status === "signedOut" && !current.error) {
      return;
    }
    if (current.status === "signedOut") {
      const { error: _, ...session } = current;
      this.store.set(session);
      return;
    }
    this.#epoch++;
    this.store.set(reason === undefined ? { status: "signedOut" } : { status: "signedOut", reason });
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
    this.#check.cancelLater();
  }
}

function isSameTime(one: Date | undefined, other: Date | undefined): boolean {
  return one?.getTime() === other?.getTime();
}
