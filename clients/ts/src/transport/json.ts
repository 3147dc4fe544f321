import { type DescMessage, type Message, toJson } from "@bufbuild/protobuf";

/**
 * Lets JSON.stringify write a message, as the server writes it. Without this it throws: the seconds of a timestamp are a
 * bigint. Messages inside get the same, so that a copy such as `{ ...user }` can be written too.
 */
export function writeAsJson(schema: DescMessage, message: Message): void {
  Object.defineProperty(message, "toJSON", {
    configurable: true,
    writable: true,
    // Not enumerable: messages are compared and copied by their fields.
    enumerable: false,
    value: () => toJson(schema, message, { alwaysEmitImplicit: true }),
  });
  const values = message as unknown as Readonly<Record<string, unknown>>;
  for (const field of schema.fields) {
    if (!field.message) {
      continue;
    }
    for (const inner of messagesIn(values, field.localName, field.oneof?.localName)) {
      writeAsJson(field.message, inner);
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
