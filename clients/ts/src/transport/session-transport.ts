import type { Transport } from "@connectrpc/connect";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { startsSession } from "../session/methods.js";
import type { Observer } from "../session/observer.js";
import type { SessionKeeper } from "../session/session-keeper.js";
import type { SignInLock } from "../session/sign-in-lock.js";

/** What a transport works with that follows the session. */
export interface SessionTransportOptions {
  /** Sends the credentials along. */
  readonly inner: Transport;
  readonly keeper: SessionKeeper;
  readonly observer: Observer;
  readonly lock: SignInLock;
}

/**
 * Makes a transport that reads from every answer what it says about the session. A call that was refused for credentials
 * which another tab has replaced is sent again, once, when the same user is signed in.
 */
export function sessionTransport({ inner, keeper, observer, lock }: SessionTransportOptions): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const begun = keeper.begins();
      const send = async () => {
        const response = await inner.unary(method, signal, timeoutMs, header, input, contextValues);
        await observer.answer(method, begun, response.message);
        return response;
      };
      for (let again = false; ; again = true) {
        try {
          return await (startsSession(method) ? lock.hold(send) : send());
        } catch (caught) {
          const error = LatchkeyError.from(caught);
          const mayRepeat = await observer.refusal(method, begun, error);
          if (again || !mayRepeat || signal?.aborted) {
            throw error;
          }
        }
      }
    },

    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const begun = keeper.begins();
      // Loaded with the first stream: most pages open none.
      const { openStream, repeatable } = await import("./resumable-stream.js");
      const requests = repeatable(input, (message) => message);
      let again = false;
      return openStream({
        open: () => inner.stream(method, signal, timeoutMs, header, requests, contextValues),
        onMessage: (message) => observer.answer(method, begun, message),
        async onFailure(caught) {
          const mayRepeat = !again && (await observer.refusal(method, begun, LatchkeyError.from(caught)));
          again = true;
          return mayRepeat && !signal?.aborted;
        },
      });
    },
  };
}
