import { create, type DescMessage, type DescMethod, type MessageInitShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { Bearer } from "../bearer/bearer.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { unflatten } from "../flat.js";
import { needsNoSession } from "../session/methods.js";
import { writeAsJson } from "./json.js";
import { type LocaleOption, localeHeader, localeOf } from "./locale.js";

/** What a transport needs that sends credentials along. */
export interface CredentialsTransportOptions {
  readonly inner: Transport;
  /** Set in bearer mode. */
  readonly bearer: Bearer | undefined;
  readonly locale: LocaleOption | undefined;
  /** Counts sign-ins and sign-outs: a call is not sent again for another user than it was meant for. */
  readonly epoch: () => number;
}

/** A new token can be called expired as well, when the user's role changes at that moment. Not twice. */
const maxRenewals = 2;

/**
 * Makes a transport that sends the credentials and the page's language along, renews a bearer token that has ended, takes
 * flat requests, and rejects with nothing but LatchkeyErrors. It knows nothing of who is signed in.
 */
export function credentialsTransport(options: CredentialsTransportOptions): Transport {
  const { inner } = options;
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const attempt = new Attempt(method, header, options);
      try {
        const request = requestOf(method.input, input);
        for (;;) {
          const sent = await attempt.header();
          try {
            const response = await inner.unary(method, signal, timeoutMs, sent, request, contextValues);
            writeAsJson(method.output, response.message);
            return response;
          } catch (caught) {
            if (!attempt.mayRenew(caught)) {
              throw caught;
            }
          }
        }
      } catch (caught) {
        throw LatchkeyError.from(caught);
      }
    },

    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const attempt = new Attempt(method, header, options);
      // Loaded with the first stream: most pages open none.
      const { openStream, repeatable } = await import("./resumable-stream.js");
      const requests = repeatable(input, (message) => requestOf(method.input, message));
      return openStream({
        open: async () =>
          // A stream may go on for as long as there are messages: the limit for calls is not meant for it.
          inner.stream(method, signal, timeoutMs ?? 0, await attempt.header(), requests, contextValues),
        onMessage: (message) => writeAsJson(method.output, message),
        async onFailure(caught) {
          if (attempt.mayRenew(caught)) {
            return true;
          }
          throw LatchkeyError.from(caught);
        },
      });
    },
  };
}

/** One call, which may be sent again with a renewed token. */
class Attempt {
  readonly #method: DescMethod;
  readonly #header: Headers;
  readonly #bearer: Bearer | undefined;
  #token: string | undefined;
  #refused: string | undefined;
  #renewals = 0;
  readonly #isOvertaken: () => boolean;

  constructor(
    method: DescMethod,
    header: HeadersInit | undefined,
    { bearer, locale, epoch }: CredentialsTransportOptions,
  ) {
    const begun = epoch();
    this.#isOvertaken = () => epoch() !== begun;
    this.#method = method;
    this.#bearer = bearer;
    this.#header = new Headers(header);
    const language = localeOf(locale);
    if (language !== undefined && !this.#header.has(localeHeader)) {
      this.#header.set(localeHeader, language);
    }
  }

  /** Returns the headers to send now. */
  async header(): Promise<Headers> {
    if (!this.#bearer) {
      this.#header.set("Latchkey-Session", "cookie");
      return this.#header;
    }
    this.#token = undefined;
    this.#token = needsNoSession(this.#method) ? undefined : await this.#bearer.accessToken(this.#refused);
    if (this.#token === undefined) {
      this.#header.delete("Authorization");
    } else {
      this.#header.set("Authorization", `Bearer ${this.#token}`);
    }
    return this.#header;
  }

  /** Reports whether the call failed for a token that can be renewed. */
  mayRenew(caught: unknown): boolean {
    if (
      this.#token === undefined ||
      this.#renewals === maxRenewals ||
      this.#isOvertaken() ||
      LatchkeyError.from(caught).reason !== "TOKEN_EXPIRED"
    ) {
      return false;
    }
    this.#renewals++;
    this.#refused = this.#token;
    return true;
  }
}

function requestOf<Desc extends DescMessage>(schema: Desc, input: MessageInitShape<Desc>): MessageInitShape<Desc> {
  return create(schema, unflatten(schema, input)) as MessageInitShape<Desc>;
}
