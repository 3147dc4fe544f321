import type { Transport } from "@connectrpc/connect";

/** An answer that is on its way, until the test lets it arrive. */
export interface HeldAnswer {
  /** Resolves when the server has done the call. */
  readonly done: Promise<void>;
  /** Releases the response. */
  readonly release: () => void;
}

/** A transport whose answers can be slow. */
export interface SlowTransport extends Transport {
  /** Holds the answer to the next call of a method, such as `getProfile`. */
  readonly hold: (method: string) => HeldAnswer;
}

interface Signal {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Wraps a transport so that single responses can be held. */
export function slowly(inner: Transport): SlowTransport {
  const held = new Map<string, { readonly done: Signal; readonly released: Signal }[]>();
  return {
    hold(method) {
      const next = { done: signal(), released: signal() };
      held.set(method, [...(held.get(method) ?? []), next]);
      return { done: next.done.promise, release: next.released.resolve };
    },
    async unary(method, ...call) {
      const hold = held.get(method.localName)?.shift();
      try {
        return await inner.unary(method, ...call);
      } finally {
        hold?.done.resolve();
        await hold?.released.promise;
      }
    },
    stream: (...call) => inner.stream(...call),
  };
}

function signal(): Signal {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}
