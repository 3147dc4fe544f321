import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageShape,
} from "@bufbuild/protobuf";
import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import type { RequestOf } from "./flat.js";

type Empty = "$typeName" | "$unknown";

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

/** Makes a client of a service over a transport that understands flat requests. */
export function clientOf<Service extends DescService>(service: Service, transport: Transport): ServiceClient<Service> {
  const client = createClient(service, transport) as unknown as Record<
    string,
    (request: object, options?: CallOptions) => unknown
  >;
  const methods = service.methods.map(({ localName }) => [
    localName,
    (request: object = {}, options?: CallOptions) => client[localName]?.(request, options),
  ]);
  return Object.fromEntries(methods) as ServiceClient<Service>;
}
