import type { Transport } from "@connectrpc/connect";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { startsSession } from "../session/method-kinds.js";
import type { ResponseObserver } from "../session/response-observer.js";
import type { SessionController } from "../session/session-controller.js";
import type { SignInLock } from "../session/sign-in-lock.js";

/** The options of `sessionTransport`. */
export interface SessionTransportOptions {
  /** The transport that adds the credentials. */
  readonly inner: Transport;
  readonly controller: SessionController;
  readonly observer: ResponseObserver;
  readonly lock: SignInLock;
}

/**
 * Creates a transport that updates the session from responses and errors. A call with rejected credentials is retried once if
 * another tab has replaced the credentials and the same user is signed in.
 */
export function sessionTransport({ inner, controller, observer, lock }: SessionTransportOptions): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const start = controller.startCall();
      const send = async () => {
        const response = await inner.unary(method, signal, timeoutMs, header, input, contextValues);
        await observer.onResponse(method, start, response.message);
        return response;
      };
      for (let again = false; ; again = true) {
        try {
          return await (startsSession(method) ? lock.hold(send) : send());
        } catch (caught) {
          const error = LatchkeyError.from(caught);
          const canRetry = await observer.onError(method, start, error);
          if (again || !canRetry || signal?.aborted) {
            throw error;
          }
        }
      }
    },

    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const start = controller.startCall();
      // Loaded with the first stream, because most pages have none.
      const { openStream, replayable } = await import("./resumable-stream.js");
      const requests = replayable(input, (message) => message);
      let again = false;
      return openStream({
        open: () => inner.stream(method, signal, timeoutMs, header, requests, contextValues),
        onMessage: (message) => observer.onResponse(method, start, message),
        async onFailure(caught) {
          const canRetry = !again && (await observer.onError(method, start, LatchkeyError.from(caught)));
          again = true;
          return canRetry && !signal?.aborted;
        },
      });
    },
  };
}
