import { LatchkeyError } from "../errors/latchkey-error.js";

/** Returns the error for a TypeError of fetch. */
export type ExplainFailure = (cause: TypeError, url: string) => Promise<LatchkeyError>;

/**
 * Wraps fetch, so that a lost connection rejects with a LatchkeyError. The TypeError of fetch could not be distinguished from one
 * of the application.
 */
export function networkFetch(fetch: typeof globalThis.fetch, explain: ExplainFailure): typeof globalThis.fetch {
  return async (input, init) => {
    const url = String(input);
    if (!URL.canParse(url, globalThis.document?.baseURI)) {
      throw new TypeError(`${url} is not a valid URL: outside of a page, createLatchkey needs an absolute baseUrl`);
    }
    try {
      return guardResponse(await fetch(input, init));
    } catch (caught) {
      throw caught instanceof TypeError ? await explain(caught, url) : caught;
    }
  };
}

/** Changes a response so that reading its body rejects with a LatchkeyError when the connection is lost. */
function guardResponse(response: Response): Response {
  for (const read of ["json", "text", "arrayBuffer"] as const) {
    const original = response[read].bind(response) as () => Promise<never>;
    Object.defineProperty(response, read, { value: () => original().catch(rethrow) });
  }
  const { body } = response;
  let stream: ReadableStream<Uint8Array> | undefined;
  if (body) {
    Object.defineProperty(response, "body", {
      get: () => {
        stream ??= guardStream(body);
        return stream;
      },
    });
  }
  return response;
}

function guardStream(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
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
    ? LatchkeyError.fromClient("NETWORK_FAILED", "the connection was lost while the response was read", caught)
    : caught;
}
