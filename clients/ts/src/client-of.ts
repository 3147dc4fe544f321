import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageShape,
} from "@bufbuild/protobuf";
import type { CallOptions, Transport } from "@connectrpc/connect";
import type { RequestOf } from "./flat.js";

type Empty = "$typeName" | "$unknown";

type Request = Record<string, unknown>;

/** The arguments of a call. A request without any field may be left out. */
export type CallArguments<Input extends DescMessage> = [Exclude<keyof MessageShape<Input>, Empty>] extends [never]
  ? [request?: Record<string, never>, options?: CallOptions]
  : [request: RequestOf<Input>, options?: CallOptions];

/** The methods of a service as functions, with every argument and answer typed. They reject with a `LatchkeyError`. */
export type ServiceClient<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name] extends DescMethodUnary<infer Input, infer Output>
    ? (...args: CallArguments<Input>) => Promise<MessageShape<Output>>
    : Service["method"][Name] extends DescMethodServerStreaming<infer Input, infer Output>
      ? (...args: CallArguments<Input>) => AsyncIterable<MessageShape<Output>>
      : never;
};

/**
 * Makes a client of a service over a transport that understands flat requests. It does what connect's `createClient` does for
 * the methods that a browser can call, at a quarter of its weight.
 */
export function clientOf<Service extends DescService>(service: Service, transport: Transport): ServiceClient<Service> {
  const methods = service.methods.map((method) => [
    method.localName,
    (request: Request = {}, options: CallOptions = {}) =>
      method.methodKind === "unary"
        ? call(transport, method as DescMethodUnary, request, options)
        : stream(transport, method as DescMethodServerStreaming, request, options),
  ]);
  return Object.fromEntries(methods) as ServiceClient<Service>;
}

async function call(
  transport: Transport,
  method: DescMethodUnary,
  request: Request,
  { signal, timeoutMs, headers, contextValues, onHeader, onTrailer }: CallOptions,
): Promise<unknown> {
  const response = await transport.unary(method, signal, timeoutMs, headers, request, contextValues);
  onHeader?.(response.header);
  onTrailer?.(response.trailer);
  return response.message;
}

/** Opens a stream with its first reader, and closes it when its last message is read or the loop is left. */
async function* stream(
  transport: Transport,
  method: DescMethodServerStreaming,
  request: Request,
  { signal, timeoutMs, headers, contextValues, onHeader, onTrailer }: CallOptions,
): AsyncGenerator<unknown> {
  const left = new AbortController();
  const leave = () => left.abort(signal?.reason);
  signal?.addEventListener("abort", leave);
  try {
    if (signal?.aborted) {
      leave();
    }
    const response = await transport.stream(method, left.signal, timeoutMs, headers, single(request), contextValues);
    onHeader?.(response.header);
    yield* response.message;
    onTrailer?.(response.trailer);
  } finally {
    signal?.removeEventListener("abort", leave);
    leave();
  }
}

async function* single<T>(message: T): AsyncGenerator<T> {
  yield message;
}
