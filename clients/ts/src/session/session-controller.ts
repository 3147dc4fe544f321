import type { LatchkeyError } from "../errors/latchkey-error.js";
import type { Reason } from "../errors/reason.js";
import { isTransient } from "../errors/transient.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { endReason, preferredCause } from "./end-reason.js";
import { RetryScheduler } from "./retry-scheduler.js";
import { type FetchedSession, type FetchSession, SessionFetcher } from "./session-fetcher.js";
import { SessionStore } from "./session-store.js";
import type { SignInLock } from "./sign-in-lock.js";
import { type EndCause, TabChannel } from "./tab-channel.js";
import { UserVersions } from "./user-versions.js";

/** The state of the session when a call started, for judging its response. */
export interface CallStart {
  /** See SessionKeeper.epoch. */
  readonly epoch: number;
  /** Orders calls by their start. */
  readonly order: number;
  readonly userId: string | undefined;
  /** The number of notices from other tabs until then. */
  readonly tabNotices: number;
}

/** A session that a call has started. */
export interface StartedSession {
  readonly user: User;
  readonly expiresAt: Date | undefined;
}

/** The maximum random delay of a refetch that another tab has requested, in milliseconds; longer for hidden tabs. */
const maxDelay = 100;
const maxDelayHidden = 1_000;

/** For so many milliseconds a role that the server has confirmed is not fetched again after further errors. */
const roleCheckInterval = 30_000;

/**
 * Controls the session, from the responses to calls and by fetching it. Its rules are:
 *
 *  - An error, another tab, or a response about another user never changes the session. It triggers a refetch with the current
 *    credentials.
 *  - Data of the same user is ordered by `updatedAt`: the newest wins, whichever call returned it.
 *  - The response to a call from an earlier epoch says nothing about who is signed in.
 *  - A failed fetch changes nothing and is retried.
 */
export class SessionController {
  readonly store: SessionStore;
  readonly #fetcher: SessionFetcher<CallStart>;
  readonly #tabs: TabChannel | undefined;
  readonly #retries = new RetryScheduler(() => void this.fetch());
  #epoch = 0;
  #order = 0;
  readonly #users = new UserVersions();
  /** Why the session may have ended, until the server has confirmed it. */
  #cause: EndCause | undefined;
  /** Whether this tab has caused the fetch, so that the other tabs do not know the result yet. */
  #requestedHere = false;
  #tabNotices = 0;
  #roleChecked: { readonly role: string; readonly at: number } | undefined;
  /** Whether there were no subscribers for a while, so that notices from other tabs were missed. */
  #wasInactive = false;

  constructor(fetchSession: FetchSession, lock: SignInLock, channel: string | undefined) {
    this.#fetcher = new SessionFetcher<CallStart>(fetchSession, lock, {
      onStart: () => this.startCall(),
      isStale: ({ epoch }) => epoch !== this.#epoch,
      wouldSignOut: ({ user }) => !user && this.store.current.status === "signedIn",
      onSuccess: (start, answer) => this.#onFetched(start, answer),
      onError: (start, error) => this.#onFetchError(start, error),
    });
    this.#tabs = channel === undefined ? undefined : new TabChannel(channel, (cause) => this.#onTabNotice(cause));
    this.store = new SessionStore((watched) => (watched ? this.#activate() : this.#deactivate()));
  }

  /** The number of changes of the signed-in user. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The number of notices from other tabs. */
  get tabNotices(): number {
    return this.#tabNotices;
  }

  /** Called when a call starts. */
  startCall(): CallStart {
    this.#order++;
    return {
      epoch: this.#epoch,
      order: this.#order,
      userId: this.store.current.user?.id,
      tabNotices: this.#tabNotices,
    };
  }

  /** Fetches the session, or joins the request in flight. Never rejects: a failure sets `error` of the session. */
  fetch(): Promise<void> {
    this.#requestedHere = true;
    return this.#fetcher.fetch();
  }

  /** Refetches the session; a request already in flight may predate the change. */
  refetch(): Promise<void> {
    this.#requestedHere = true;
    return this.#fetcher.refetch();
  }

  /** Called when a call in this tab has started a session. The other tabs refetch. */
  sessionStarted(start: CallStart, { user, expiresAt }: StartedSession): void {
    this.#epoch++;
    this.#retries.succeeded();
    this.#cause = undefined;
    this.#signedIn(start, user, expiresAt);
    this.#tabs?.requestRefetch();
  }

  /** Called with the user in a response. Returns the newest known data of that user. */
  updateUser(start: CallStart, user: User): User {
    const { current } = this.store;
    if (current.status === "signedIn" && current.user.id === user.id) {
      const newest = this.#users.newest(start.order, current.user, user);
      if (newest !== current.user) {
        this.store.set({ ...current, user: newest, role: newest.role });
      }
      return newest;
    }
    if (start.epoch === this.#epoch) {
      if (current.status === "loading") {
        this.#signedIn(start, user, undefined);
      } else {
        // Another tab has replaced the credentials.
        void this.refetch();
      }
    }
    return user;
  }

  /** Called when a call in this tab has changed the user. Returns the newest known data of that user. */
  userChanged(start: CallStart, user: User): User {
    const newest = this.updateUser(start, user);
    this.#tabs?.requestRefetch();
    return newest;
  }

  /** Called when the session was extended. */
  sessionRenewed({ epoch }: CallStart, expiresAt: Date): void {
    const { current } = this.store;
    if (epoch === this.#epoch && current.status === "signedIn" && !isSameTime(current.expiresAt, expiresAt)) {
      this.store.set({ ...current, expiresAt });
    }
  }

  /** Called when the user has signed out in this tab. The other tabs refetch. */
  sessionEnded({ epoch }: CallStart): void {
    if (epoch !== this.#epoch) {
      void this.refetch();
      return;
    }
    // If the session was not fetched yet, other tabs may have known it.
    const hadSession = this.store.current.status !== "signedOut";
    this.#signedOut(undefined);
    if (hadSession) {
      this.#tabs?.requestRefetch("signedOut");
    }
  }

  /**
   * Refetches the session after a call with rejected credentials. Reports whether the call can be retried, which requires that the
   * same user is signed in. Rejects when the session cannot be fetched at the moment.
   */
  async credentialsRefused(start: CallStart, reason: Reason): Promise<boolean> {
    // An error from an earlier epoch is about credentials that have been replaced.
    if (start.epoch === this.#epoch && this.store.current.status !== "signedOut") {
      this.#cause = preferredCause(this.#cause, reason);
      await this.refetch();
      const { error } = this.store.current;
      if (error && isTransient(error)) {
        throw error;
      }
    }
    const { current } = this.store;
    return !current.error && start.userId !== undefined && current.user?.id === start.userId;
  }

  /** Refetches the user after a call was rejected for the role, which may have changed. */
  roleRefused(): void {
    const { role } = this.store.current;
    if (
      role === undefined ||
      (this.#roleChecked?.role === role && Date.now() - this.#roleChecked.at < roleCheckInterval)
    ) {
      return;
    }
    this.#roleChecked = { role, at: Date.now() };
    void this.refetch();
  }

  /** Called when a call got no response. The session may end unnoticed while the connection is lost. */
  connectionLost(): void {
    if (this.store.current.status !== "signedOut") {
      this.#retries.connectionLost();
    }
  }

  /** Called when a call got a response. */
  responseReceived(): void {
    this.#retries.responseReceived();
  }

  #onTabNotice(cause: EndCause | undefined): void {
    this.#tabNotices++;
    this.#cause = preferredCause(this.#cause, cause);
    const hidden = globalThis.document?.visibilityState === "hidden";
    this.#fetcher.refetchSoon(hidden ? maxDelayHidden : maxDelay);
  }

  #onFetched(start: CallStart, { user, expiresAt, reason }: FetchedSession): void {
    this.#retries.succeeded();
    const { current } = this.store;
    const firsthand = this.#requestedHere;
    const cause = reason ?? this.#cause;
    this.#requestedHere = false;
    this.#cause = undefined;
    if (!user) {
      this.#signedOut(endReason(current, cause));
    } else {
      if (current.status !== "loading" && current.user?.id !== user.id) {
        this.#epoch++;
      }
      this.#signedIn(start, user, expiresAt);
    }
    if (firsthand && current.status !== "loading" && this.store.current.user?.id !== current.user?.id) {
      this.#tabs?.requestRefetch(user ? undefined : cause);
    }
  }

  #onFetchError({ epoch }: CallStart, error: LatchkeyError): void {
    if (error.reason === "NETWORK_FAILED") {
      this.#retries.connectionLost();
    } else {
      this.#retries.serverFailed(error.retryAfter);
    }
    if (epoch === this.#epoch) {
      this.store.set({ ...this.store.current, error });
    }
  }

  #signedIn(start: CallStart, user: User, expiresAt: Date | undefined): void {
    const { current } = this.store;
    const newest = this.#users.newest(start.order, current.user, user);
    if (newest !== current.user || !isSameTime(expiresAt, current.expiresAt) || current.error) {
      this.store.set({ status: "signedIn", user: newest, role: newest.role, expiresAt });
    }
  }

  #signedOut(reason: Reason | undefined): void {
    this.#retries.succeeded();
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

  #activate(): void {
    this.#tabs?.listen();
    this.#retries.start();
    if (this.#wasInactive || this.store.current.status === "loading") {
      void this.fetch();
    }
    this.#wasInactive = false;
  }

  #deactivate(): void {
    this.#wasInactive = true;
    this.#tabs?.stopListening();
    this.#retries.stop();
    this.#fetcher.cancelScheduled();
  }
}

function isSameTime(one: Date | undefined, other: Date | undefined): boolean {
  return one?.getTime() === other?.getTime();
}
