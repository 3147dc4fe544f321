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

/** The arguments of a call. A request without fields may be omitted. */
export type CallArguments<Input extends DescMessage> = [Exclude<keyof MessageShape<Input>, Empty>] extends [never]
  ? [request?: Record<string, never>, options?: CallOptions]
  : [request: RequestOf<Input>, options?: CallOptions];

/** The methods of a service as typed functions. They reject with a `LatchkeyError`. */
export type ServiceClient<Service extends DescService> = {
  readonly [Name in keyof Service["method"]]: Service["method"][Name] extends DescMethodUnary<infer Input, infer Output>
    ? (...args: CallArguments<Input>) => Promise<MessageShape<Output>>
    : Service["method"][Name] extends DescMethodServerStreaming<infer Input, infer Output>
      ? (...args: CallArguments<Input>) => AsyncIterable<MessageShape<Output>>
      : never;
};

/**
 * Creates a client for a service over a transport that accepts flat requests. It supports the methods that browsers can call, at a
 * quarter of the size of connect's `createClient`.
 */
export function createServiceClient<Service extends DescService>(
  service: Service,
  transport: Transport,
): ServiceClient<Service> {
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

/** Opens a stream when the caller starts to read, and closes it at its end or when the caller stops reading. */
async function* stream(
  transport: Transport,
  method: DescMethodServerStreaming,
  request: Request,
  { signal, timeoutMs, headers, contextValues, onHeader, onTrailer }: CallOptions,
): AsyncGenerator<unknown> {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    if (signal?.aborted) {
      abort();
    }
    const response = await transport.stream(
      method,
      controller.signal,
      timeoutMs,
      headers,
      single(request),
      contextValues,
    );
    onHeader?.(response.header);
    yield* response.message;
    onTrailer?.(response.trailer);
  } finally {
    signal?.removeEventListener("abort", abort);
    abort();
  }
}

async function* single<T>(message: T): AsyncGenerator<T> {
  yield message;
}
