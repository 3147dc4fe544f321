import { type DescMessage, type Message, toJson } from "@bufbuild/protobuf";

/**
 * Adds `toJSON` to a message, so that JSON.stringify writes it like the server does. Without it JSON.stringify throws, because the
 * seconds of a timestamp are a bigint. Nested messages get it too, for copies such as `{ ...user }`.
 */
export function addToJson(schema: DescMessage, message: Message): void {
  Object.defineProperty(message, "toJSON", {
    configurable: true,
    writable: true,
    // Not enumerable, because messages are compared and copied by their enumerable properties.
    enumerable: false,
    value: () => toJson(schema, message, { alwaysEmitImplicit: true }),
  });
  const values = message as unknown as Readonly<Record<string, unknown>>;
  for (const field of schema.fields) {
    if (!field.message) {
      continue;
    }
    for (const inner of messagesIn(values, field.localName, field.oneof?.localName)) {
      addToJson(field.message, inner);
    }
  }
}

/** Returns the messages that a field holds: one, a list, or the values of a map. */
function messagesIn(values: Readonly<Record<string, unknown>>, name: string, oneof: string | undefined): Message[] {
  let value = values[name];
  if (oneof !== undefined) {
    const chosen = values[oneof] as { readonly case?: string; readonly value?: unknown } | undefined;
    value = chosen?.case === name ? chosen.value : undefined;
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return "$typeName" in value ? [value as Message] : Object.values(value);
}
