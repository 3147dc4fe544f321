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
 * `{ identifier: { case: "email", value: email }, password }`. It is the shape that the API has in JSON, apart from enums.
 */
export type Flat<Desc extends DescMessage> = FlatOf<MessageShape<Desc>>;

type FlatOf<M> = Plain<M> & ([ChoiceNames<M>] extends [never] ? unknown : OneOf<M[ChoiceNames<M>]>);

/** What the fields of a form hold: every field of the request, none of which has to be there. */
export type FormValues<Desc extends DescMessage> = FormValuesOf<MessageShape<Desc>>;

type FormValuesOf<M> = Plain<M> & ([ChoiceNames<M>] extends [never] ? unknown : AnyOf<M[ChoiceNames<M>]>);

/** What a call takes: the request flat, or as protobuf-es writes it. */
export type RequestOf<Desc extends DescMessage> = Flat<Desc> | MessageInitShape<Desc>;

/**
 * Makes of a flat request one that protobuf-es takes. An empty member of a oneof gives way to one that is filled in, as
 * in a form that offers both.
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
