import { refusesCredentials } from "../errors/credential-reasons.js";
import type { Reason } from "../errors/reason.js";

/** Why a session may have ended: the user has signed out, or a call has failed with this reason. */
export type EndCause = Reason | "signedOut";

/**
 * A notice to other tabs to refetch the session. `cause` only selects the text for the user if the server confirms that the session
 * has ended. It is never trusted by itself.
 */
export interface RefetchNotice {
  readonly type: "refetch";
  readonly cause?: EndCause;
}

/** Sends notices between the tabs of a browser. */
export class TabChannel {
  readonly #name: string;
  readonly #onNotice: (cause: EndCause | undefined) => void;
  #channel: BroadcastChannel | undefined;

  constructor(name: string, onNotice: (cause: EndCause | undefined) => void) {
    this.#name = name;
    this.#onNotice = onNotice;
  }

  listen(): void {
    this.#channel = openChannel(this.#name);
    // Any message triggers a refetch, because other tabs may run another version of the page.
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<RefetchNotice | undefined>) =>
      this.#onNotice(knownCause(data?.cause)),
    );
  }

  stopListening(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  requestRefetch(cause?: EndCause): void {
    const notice: RefetchNotice = cause === undefined ? { type: "refetch" } : { type: "refetch", cause };
    if (this.#channel) {
      // A channel does not receive its own messages.
      this.#channel.postMessage(notice);
      return;
    }
    const channel = openChannel(this.#name);
    channel?.postMessage(notice);
    channel?.close();
  }
}

/** Opens a channel; undefined where it fails: Firefox refuses it when cookies are blocked, and then no tab has a session. */
function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

/** Returns the cause if this version knows it. */
function knownCause(cause: EndCause | undefined): EndCause | undefined {
  return cause === "signedOut" || (cause !== undefined && refusesCredentials(cause)) ? cause : undefined;
}
