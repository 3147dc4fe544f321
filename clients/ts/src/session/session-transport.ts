import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { ContextValues, Transport, UnaryResponse } from "@connectrpc/connect";
import type { Bearer } from "../bearer/bearer.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { unflatten } from "../flat.js";
import { needsNoSession, type Observer } from "./observer.js";
import type { SessionKeeper } from "./session-keeper.js";

/** What a transport works with that knows of the session. */
export interface SessionTransportOptions {
  readonly inner: Transport;
  readonly keeper: SessionKeeper;
  readonly observer: Observer;
  /** Set in bearer mode. */
  readonly bearer: Bearer | undefined;
}

/** A new token can be called expired as well, when the user's role changes at that moment. Not twice. */
const maxRenewals = 2;

/**
 * Makes a transport that sends the session along, reads from every answer what it tells of it, takes flat requests, and
 * rejects with nothing but LatchkeyErrors.
 */
export function sessionTransport({ inner, keeper, observer, bearer }: SessionTransportOptions): Transport {
  async function withSession<Answer>(
    method: DescMethod,
    given: HeadersInit | undefined,
    call: (header: Headers) => Promise<Answer>,
  ): Promise<Answer> {
    const header = new Headers(given);
    if (!bearer) {
      header.set("Latchkey-Session", "cookie");
      return call(header);
    }
    let token = needsNoSession(method) ? undefined : await bearer.accessToken();
    for (let renewals = 0; token !== undefined; renewals++) {
      header.set("Authorization", `Bearer ${token}`);
      try {
        return await call(header);
      } catch (caught) {
        if (renewals === maxRenewals || LatchkeyError.from(caught).reason !== "TOKEN_EXPIRED") {
          throw caught;
        }
        token = await bearer.accessToken(token);
      }
    }
    header.delete("Authorization");
    return call(header);
  }

  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      header: HeadersInit | undefined,
      input: MessageInitShape<I>,
      contextValues?: ContextValues,
    ): Promise<UnaryResponse<I, O>> {
      const { epoch } = keeper;
      try {
        const request = create(method.input, unflatten(method.input, input)) as MessageInitShape<I>;
        const response = await withSession(method, header, (sent) =>
          inner.unary(method, signal, timeoutMs, sent, request, contextValues),
        );
        await observer.answer(method, epoch, response.message);
        return response;
      } catch (caught) {
        const error = LatchkeyError.from(caught);
        await observer.refusal(method, epoch, error);
        throw error;
      }
    },

    async stream(method, signal, timeoutMs, header, input, contextValues) {
      try {
        const response = await withSession(method, header, (sent) =>
          inner.stream(method, signal, timeoutMs, sent, input, contextValues),
        );
        return { ...response, message: refusing(response.message) };
      } catch (caught) {
        throw LatchkeyError.from(caught);
      }
    },
  };
}

async function* refusing<T>(messages: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (caught) {
    throw LatchkeyError.from(caught);
  }
}
