import type { DescMessage } from "@bufbuild/protobuf";
import type { StreamResponse } from "@connectrpc/connect";

/** Opens a stream, and handles its messages and errors. */
export interface ResumableStream<I extends DescMessage, O extends DescMessage> {
  readonly open: () => Promise<StreamResponse<I, O>>;
  /** Called for each message. */
  readonly onMessage?: (message: StreamMessage<O>) => void | Promise<void>;
  /** Returns true when the stream can be reopened; otherwise throws the error for the caller. */
  readonly onFailure: (caught: unknown) => Promise<boolean>;
}

type StreamMessage<O extends DescMessage> =
  StreamResponse<DescMessage, O>["message"] extends AsyncIterable<infer Message> ? Message : never;

/**
 * Opens a stream, and reopens it when it fails before its first message. Rejected credentials end a stream; they do not prevent its
 * opening.
 */
export async function openStream<I extends DescMessage, O extends DescMessage>(
  stream: ResumableStream<I, O>,
): Promise<StreamResponse<I, O>> {
  const first = await open(stream);
  const trailer = new Headers();
  return { ...first, trailer, message: messagesOf(stream, first, trailer) };
}

async function open<I extends DescMessage, O extends DescMessage>(
  stream: ResumableStream<I, O>,
): Promise<StreamResponse<I, O>> {
  for (;;) {
    try {
      return await stream.open();
    } catch (caught) {
      if (!(await stream.onFailure(caught))) {
        throw caught;
      }
    }
  }
}

async function* messagesOf<I extends DescMessage, O extends DescMessage>(
  stream: ResumableStream<I, O>,
  first: StreamResponse<I, O>,
  trailer: Headers,
): AsyncGenerator<StreamMessage<O>> {
  let response = first;
  for (let hasStarted = false; ; ) {
    try {
      for await (const message of response.message) {
        hasStarted = true;
        await stream.onMessage?.(message as StreamMessage<O>);
        yield message as StreamMessage<O>;
      }
      response.trailer.forEach((value, name) => {
        trailer.append(name, value);
      });
      return;
    } catch (caught) {
      // Called in any case, because it records the error and may throw another one.
      const again = await stream.onFailure(caught);
      if (hasStarted || !again) {
        throw caught;
      }
    }
    response = await open(stream);
  }
}

/** Makes the request of a stream repeatable. It buffers the first message only, because browsers send one message. */
export function replayable<T, U>(source: AsyncIterable<T>, change: (message: T) => U): AsyncIterable<U> {
  const iterator = source[Symbol.asyncIterator]();
  let first: { readonly value: U } | undefined;
  return {
    async *[Symbol.asyncIterator]() {
      if (first) {
        yield first.value;
      }
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        const value = change(next.value);
        first ??= { value };
        yield value;
      }
    },
  };
}
