import { refusesCredentials } from "../errors/credential-reasons.js";
import type { Reason } from "../errors/reason.js";

/** Why a session may have ended: the user has signed out, or a call was refused for this reason. */
export type EndCause = Reason | "signedOut";

/**
 * What a tab tells the others: that they should ask the server who is signed in. `cause` only chooses the words for the
 * user, should the server's answer be that the session has ended. It is never a reason to believe so.
 */
export interface AskNotice {
  readonly type: "ask";
  readonly cause?: EndCause;
}

/** Carries notices between the tabs of one browser. */
export class Tabs {
  readonly #name: string;
  readonly #onAsk: (cause: EndCause | undefined) => void;
  #channel: BroadcastChannel | undefined;

  constructor(name: string, onAsk: (cause: EndCause | undefined) => void) {
    this.#name = name;
    this.#onAsk = onAsk;
  }

  listen(): void {
    this.#channel = openChannel(this.#name);
    // Whatever arrives is a reason to ask: tabs that were opened earlier or later may run another version of the page.
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<AskNotice | undefined>) =>
      this.#onAsk(knownCause(data?.cause)),
    );
  }

  stopListening(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  tellToAsk(cause?: EndCause): void {
    const notice: AskNotice = cause === undefined ? { type: "ask" } : { type: "ask", cause };
    if (this.#channel) {
      // A channel does not hear itself.
      this.#channel.postMessage(notice);
      return;
    }
    const channel = openChannel(this.#name);
    channel?.postMessage(notice);
    channel?.close();
  }
}

/** Opens a channel; undefined in a browser that blocks cookies, where Firefox refuses it. There, no tab has a session either. */
function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

/** Returns a cause that this version has words for. */
function knownCause(cause: EndCause | undefined): EndCause | undefined {
  return cause === "signedOut" || (cause !== undefined && refusesCredentials(cause)) ? cause : undefined;
}
