import { create, type DescMessage, type DescMethod, type MessageInitShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { BearerTokens } from "../bearer/bearer-tokens.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { unflatten } from "../flat.js";
import { isPublicMethod } from "../session/method-kinds.js";
import { addToJson } from "./json.js";
import { type LocaleOption, localeHeader, resolveLocale } from "./locale.js";

/** The options of `credentialsTransport`. */
export interface CredentialsTransportOptions {
  readonly inner: Transport;
  /** Set in bearer mode. */
  readonly bearer: BearerTokens | undefined;
  readonly locale: LocaleOption | undefined;
  /** Returns the number of sign-ins and sign-outs, so that a call is not retried for another user. */
  readonly epoch: () => number;
}

/** Twice, because a renewed token can be rejected as expired as well, when the user's role changes at that moment. */
const maxRenewals = 2;

/**
 * Creates a transport that adds the credentials and the page's language, renews an expired bearer token, accepts flat requests, and
 * rejects with LatchkeyErrors only. It does not know the session.
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
            addToJson(method.output, response.message);
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
      // Loaded with the first stream, because most pages have none.
      const { openStream, replayable } = await import("./resumable-stream.js");
      const requests = replayable(input, (message) => requestOf(method.input, message));
      return openStream({
        open: async () =>
          // No timeout by default: a stream may stay open indefinitely.
          inner.stream(method, signal, timeoutMs ?? 0, await attempt.header(), requests, contextValues),
        onMessage: (message) => addToJson(method.output, message),
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

/** A call, which may be retried with a renewed token. */
class Attempt {
  readonly #method: DescMethod;
  readonly #header: Headers;
  readonly #bearer: BearerTokens | undefined;
  #token: string | undefined;
  #refused: string | undefined;
  #renewals = 0;
  readonly #isStale: () => boolean;

  constructor(
    method: DescMethod,
    header: HeadersInit | undefined,
    { bearer, locale, epoch }: CredentialsTransportOptions,
  ) {
    const startEpoch = epoch();
    this.#isStale = () => epoch() !== startEpoch;
    this.#method = method;
    this.#bearer = bearer;
    this.#header = new Headers(header);
    const language = resolveLocale(locale);
    if (language !== undefined && !this.#header.has(localeHeader)) {
      this.#header.set(localeHeader, language);
    }
  }

  /** Returns the headers for the next attempt. */
  async header(): Promise<Headers> {
    if (!this.#bearer) {
      this.#header.set("Latchkey-Session", "cookie");
      return this.#header;
    }
    this.#token = undefined;
    this.#token = isPublicMethod(this.#method) ? undefined : await this.#bearer.accessToken(this.#refused);
    if (this.#token === undefined) {
      this.#header.delete("Authorization");
    } else {
      this.#header.set("Authorization", `Bearer ${this.#token}`);
    }
    return this.#header;
  }

  /** Reports whether the call can be retried with a renewed token. */
  mayRenew(caught: unknown): boolean {
    if (
      this.#token === undefined ||
      this.#renewals === maxRenewals ||
      this.#isStale() ||
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
