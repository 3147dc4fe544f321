import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";

type Choice = { case: string | undefined; value?: unknown };

type ChoiceNames<M> = { [K in keyof M]-?: M[K] extends Choice ? K : never }[keyof M];

type Bookkeeping = "$typeName" | "$unknown";

type Plain<M> = { [K in Exclude<keyof M, ChoiceNames<M> | Bookkeeping>]?: M[K] };

type Cases<C> = C extends { case: infer Name extends string; value: infer Value } ? { [K in Name]: Value } : never;

type CaseNames<C> = C extends { case: infer Name extends string } ? Name : never;

/** Exactly one of the members of a oneof. */
type OneOf<C> =
  Cases<C> extends infer Case
    ? Case extends unknown
      ? Case & { [K in Exclude<CaseNames<C>, keyof Case>]?: never }
      : never
    : never;

/** Any of the members of a oneof. */
type AnyOf<C> = { [K in CaseNames<C>]?: Extract<C, { case: K }> extends { value: infer Value } ? Value : never };

/**
 * A request as one object without nesting: `{ email, password }` for what protobuf-es writes as
 * `{ identifier: { case: "email", value: email }, password }`. It has the shape of the JSON API, except for enums.
 */
export type Flat<Desc extends DescMessage> = FlatOf<MessageShape<Desc>>;

type FlatOf<M> = Plain<M> & ([ChoiceNames<M>] extends [never] ? unknown : OneOf<M[ChoiceNames<M>]>);

/** The values of a form: all fields of the request, each of them optional. */
export type FormValues<Desc extends DescMessage> = FormValuesOf<MessageShape<Desc>>;

type FormValuesOf<M> = Plain<M> & ([ChoiceNames<M>] extends [never] ? unknown : AnyOf<M[ChoiceNames<M>]>);

/** The request of a call, flat or as protobuf-es writes it. */
export type RequestOf<Desc extends DescMessage> = Flat<Desc> | MessageInitShape<Desc>;

/**
 * Converts a flat request to one for protobuf-es. Of several members of a oneof it prefers one that is not empty, for forms that
 * have a field for each.
 */
export function unflatten<Desc extends DescMessage>(schema: Desc, request: object): MessageInitShape<Desc> {
  const init: Record<string, unknown> = { ...request };
  for (const oneof of schema.oneofs) {
    if (init[oneof.localName] !== undefined) {
      continue;
    }
    const given = oneof.fields.filter((field) => init[field.localName] !== undefined && init[field.localName] !== null);
    const chosen = given.find((field) => init[field.localName] !== "") ?? given[0];
    if (chosen) {
      init[oneof.localName] = { case: chosen.localName, value: init[chosen.localName] };
    }
  }
  return init as MessageInitShape<Desc>;
}
