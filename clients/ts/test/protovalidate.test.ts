// Forms and protovalidate have to agree: what forms check with data that was generated from the contract, protovalidate
// checks with the contract itself. The same messages, made of awkward values by a fixed seed, go through both.
import { create, createRegistry, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { createValidator, type Violation } from "@bufbuild/protovalidate";
import { expect, test } from "vitest";
import { checkMessage } from "../src/form/check-message.js";
import { awkwardTexts } from "./awkward-texts.js";
import { AccountService } from "./gen/latchkey/v1/account_service_pb.js";
import { AdminService } from "./gen/latchkey/v1/admin_service_pb.js";
import { AuthService } from "./gen/latchkey/v1/auth_service_pb.js";
import { file_latchkey_v1_rules } from "./gen/latchkey/v1/rules_pb.js";
import { TokenService } from "./gen/latchkey/v1/token_service_pb.js";
import { randomOf } from "./random.js";

const requests = [AuthService, AccountService, AdminService, TokenService].flatMap(({ methods }) =>
  methods.map(({ input }) => input),
);
const validator = createValidator({ registry: createRegistry(file_latchkey_v1_rules) });
const perRequest = 60;

test.each(requests.map((schema) => [schema.name, schema] as const))("%s", (_, schema) => {
  const random = randomOf(schema.name);
  for (let i = 0; i < perRequest; i++) {
    const message = randomMessage(schema, random);
    const ours = checkMessage(schema, message).map(({ path, rule }) => `${path.join(".")} ${rule}`);
    expect(ours.sort(), JSON.stringify(message)).toEqual(verdictOfProtovalidate(schema, message));
  }
});

function verdictOfProtovalidate(schema: DescMessage, message: Message): string[] {
  const result = validator.validate(schema, normalized(message) as Message);
  if (result.kind === "error") {
    throw result.error;
  }
  const found = (result.violations ?? []).map((violation) => ({ path: pathOf(violation), rule: violation.ruleId }));
  return found
    .filter(({ path, rule }) =>
      counts(
        rule,
        found.filter((other) => fieldOf(other.path) === fieldOf(path)).map(({ rule }) => rule),
      ),
    )
    .map(({ path, rule }) => `${path} ${rule}`)
    .sort();
}

/** Normalises the texts of a message, as the server does first. No address or number among them is so long that it matters. */
function normalized(value: unknown): unknown {
  if (typeof value === "string") {
    return value.normalize("NFC");
  }
  if (Array.isArray(value)) {
    return value.map(normalized);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalized(inner)]))
    : value;
}

const fieldOf = (path: string) => path.split(".")[0];

/** A field that is too large is named for that alone: the items of a list that is too long are not checked. */
function counts(rule: string, ofField: string[]): boolean {
  const decisive = [["repeated.max_items", "map.max_pairs"], ["string.max_len"]].find((sizes) =>
    sizes.some((size) => ofField.includes(size)),
  );
  return !decisive || decisive.includes(rule);
}

function pathOf(violation: Violation): string {
  return violation.field
    .map((part) => {
      switch (part.kind) {
        case "list_sub":
          return part.index;
        case "map_sub":
          return part.key;
        case "extension":
          throw new Error("no request has extensions");
        default:
          return part.localName;
      }
    })
    .join(".");
}

type Random = ReturnType<typeof randomOf>;

function randomMessage(schema: DescMessage, random: Random): Message {
  const init: Record<string, unknown> = {};
  for (const member of schema.members) {
    if (random.chance(0.2)) {
      continue;
    }
    if (member.kind === "oneof") {
      const field = random.pick(member.fields);
      init[member.localName] = { case: field.localName, value: randomValue(field, random) };
    } else {
      init[member.localName] = randomValue(member, random);
    }
  }
  return create(schema, init);
}

function randomValue(field: DescField, random: Random): unknown {
  switch (field.fieldKind) {
    case "list":
      return random.list(4, () => random.pick(awkwardTexts));
    case "map":
      return Object.fromEntries(random.list(24, () => [`${random.pick(awkwardTexts)}`, random.pick(awkwardTexts)]));
    case "enum":
      return random.pick([-1, 0, 1, 2, 3, 4, 5, 99]);
    case "scalar":
      return field.scalar === ScalarType.INT32
        ? random.pick([-2147483648, -1, 0, 1, 20, 100, 101, 2147483647])
        : random.pick(awkwardTexts);
    case "message":
      throw new Error("no request holds messages");
  }
}
