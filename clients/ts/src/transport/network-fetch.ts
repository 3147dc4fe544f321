import { LatchkeyError } from "../errors/latchkey-error.js";

/** Makes the error for a TypeError with which fetch has rejected. */
export type ExplainFailure = (cause: TypeError, url: string) => Promise<LatchkeyError>;

/**
 * Wraps fetch, so that a lost connection rejects with a LatchkeyError. fetch itself rejects with a TypeError, which could
 * not be told from one that the application has thrown.
 */
export function networkFetch(fetch: typeof globalThis.fetch, explain: ExplainFailure): typeof globalThis.fetch {
  return async (input, init) => {
    const url = String(input);
    if (!URL.canParse(url, globalThis.document?.baseURI)) {
      throw new TypeError(`${url} is no address: outside a page, createLatchkey needs a baseUrl`);
    }
    try {
      return watched(await fetch(input, init));
    } catch (caught) {
      throw caught instanceof TypeError ? await explain(caught, url) : caught;
    }
  };
}

/** Makes a response whose body rejects with a LatchkeyError when the connection is lost while it is read. */
function watched(response: Response): Response {
  for (const read of ["json", "text", "arrayBuffer"] as const) {
    const original = response[read].bind(response) as () => Promise<never>;
    Object.defineProperty(response, read, { value: () => original().catch(rethrow) });
  }
  const { body } = response;
  let stream: ReadableStream<Uint8Array> | undefined;
  if (body) {
    Object.defineProperty(response, "body", {
      get: () => {
        stream ??= watchedStream(body);
        return stream;
      },
    });
  }
  return response;
}

function watchedStream(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read().catch(rethrow);
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function rethrow(caught: unknown): never {
  throw caught instanceof TypeError
    ? LatchkeyError.ofClient("NETWORK_FAILED", "the connection broke off while the answer was read", caught)
    : caught;
}
