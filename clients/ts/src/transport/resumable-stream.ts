import type { DescMessage } from "@bufbuild/protobuf";
import type { StreamResponse } from "@connectrpc/connect";

/** How a stream is opened, and what becomes of its messages and its failure. */
export interface ResumableStream<I extends DescMessage, O extends DescMessage> {
  readonly open: () => Promise<StreamResponse<I, O>>;
  /** Sees each message. */
  readonly onMessage?: (message: StreamMessage<O>) => void | Promise<void>;
  /** Returns true when the stream may be opened again, or throws what the caller is to see. */
  readonly onFailure: (caught: unknown) => Promise<boolean>;
}

type StreamMessage<O extends DescMessage> =
  StreamResponse<DescMessage, O>["message"] extends AsyncIterable<infer Message> ? Message : never;

/**
 * Opens a stream, and opens it again when it fails before its first message: a refusal of the session comes as the end of
 * the stream, not when it is opened.
 */
export async function openStream<I extends DescMessage, O extends DescMessage>(
  stream: ResumableStream<I, O>,
): Promise<StreamResponse<I, O>> {
  const first = await opened(stream);
  const trailer = new Headers();
  return { ...first, trailer, message: messagesOf(stream, first, trailer) };
}

async function opened<I extends DescMessage, O extends DescMessage>(
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
  for (let begun = false; ; ) {
    try {
      for await (const message of response.message) {
        begun = true;
        await stream.onMessage?.(message as StreamMessage<O>);
        yield message as StreamMessage<O>;
      }
      response.trailer.forEach((value, name) => {
        trailer.append(name, value);
      });
      return;
    } catch (caught) {
      // Called in any case: it may throw another error, and notes the failure.
      const again = await stream.onFailure(caught);
      if (begun || !again) {
        throw caught;
      }
    }
    response = await opened(stream);
  }
}

/** Lets the request of a stream be sent once more. A stream to a browser has one request message: only that is kept. */
export function repeatable<T, U>(source: AsyncIterable<T>, change: (message: T) => U): AsyncIterable<U> {
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
