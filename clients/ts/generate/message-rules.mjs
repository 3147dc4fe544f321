// Reads the rules of a message from its options.
import { getOption, hasOption, isFieldSet, ScalarType } from "@bufbuild/protobuf";
import {
  FieldRulesSchema,
  field as fieldOption,
  Ignore,
  message as messageOption,
  oneof as oneofOption,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { toJavaScript } from "./regular-expression.mjs";
import { readShapes } from "./shapes.mjs";

/** Returns the rules of a message as data, and adds the shapes and rule ids that they use to `found`. */
export function readMessage(message, files, found) {
  if (hasOption(message, messageOption)) {
    refuse(message, "rules of a message as a whole");
  }
  const fields = {};
  for (const field of message.fields) {
    const rules = hasOption(field, fieldOption) ? readField(field, getOption(field, fieldOption), files, found) : {};
    if (Object.keys(rules).length > 0) {
      fields[field.localName] = rules;
    }
  }
  const oneofs = message.oneofs
    .filter((oneof) => getOption(oneof, oneofOption).required)
    .map((oneof) => oneof.localName);
  return { typeName: message.typeName, rules: { fields, ...(oneofs.length > 0 && { oneofs }) } };
}

const kinds = {
  string: readString,
  int32: readInt32,
  enum: readEnum,
  repeated: readRepeated,
  map: readMap,
};

function readField(field, rules, files, found) {
  onlyKnown(field, rules, ["ignore", "type"]);
  const data = {};
  switch (rules.ignore) {
    case Ignore.UNSPECIFIED:
      break;
    case Ignore.IF_ZERO_VALUE:
      data.ignoreEmpty = true;
      break;
    default:
      refuse(field, `ignore = ${Ignore[rules.ignore]}`);
  }
  if (rules.type.case === undefined) {
    return data;
  }
  const read = kinds[rules.type.case];
  if (!read) {
    refuse(field, `rules of the kind ${rules.type.case}`);
  }
  return { ...data, ...read(field, rules.type.value, files, found) };
}

function readString(field, rules, files, found) {
  const data = {};
  if (isSet(rules, "minLen")) {
    data.minLen = Number(rules.minLen);
    found.ids.add("string.min_len");
  }
  if (isSet(rules, "maxLen")) {
    data.maxLen = Number(rules.maxLen);
    found.ids.add("string.max_len");
  }
  if (isSet(rules, "pattern")) {
    data.pattern = toJavaScript(rules.pattern);
    found.ids.add("string.pattern");
  }
  if (rules.in.length > 0) {
    data.in = rules.in;
    found.ids.add("string.in");
  }
  onlyKnown(field, rules, ["minLen", "maxLen", "pattern", "in"]);
  const shapes = readShapes(rules, files);
  for (const { id, ...shape } of shapes) {
    found.shapes.set(id, shape);
    found.ids.add(id);
  }
  return shapes.length > 0 ? { ...data, shapes: shapes.map(({ id }) => id) } : data;
}

function readInt32(field, rules, _files, found) {
  onlyKnown(field, rules, ["lessThan", "greaterThan"]);
  if (rules.greaterThan.case !== "gte" || rules.lessThan.case !== "lte") {
    refuse(field, "int32 rules other than gte and lte together");
  }
  found.ids.add("int32.gte_lte");
  return { gte: rules.greaterThan.value, lte: rules.lessThan.value };
}

function readEnum(field, rules, _files, found) {
  onlyKnown(field, rules, ["definedOnly", "notIn"]);
  const data = {};
  if (rules.definedOnly) {
    data.definedOnly = field.enum.values.map((value) => value.number);
    found.ids.add("enum.defined_only");
  }
  if (rules.notIn.length > 0) {
    data.notIn = rules.notIn;
    found.ids.add("enum.not_in");
  }
  return data;
}

function readRepeated(field, rules, files, found) {
  onlyKnown(field, rules, ["maxItems", "unique", "items"]);
  const data = {};
  if (isSet(rules, "maxItems")) {
    data.maxItems = Number(rules.maxItems);
    found.ids.add("repeated.max_items");
  }
  if (rules.unique) {
    data.unique = true;
    found.ids.add("repeated.unique");
  }
  if (rules.items) {
    data.items = readField(field, rules.items, files, found);
  }
  return data;
}

function readMap(field, rules, files, found) {
  onlyKnown(field, rules, ["maxPairs", "keys", "values"]);
  if (field.mapKey !== ScalarType.STRING || field.scalar !== ScalarType.STRING) {
    refuse(field, "maps of anything but strings");
  }
  const data = {};
  if (isSet(rules, "maxPairs")) {
    data.maxPairs = Number(rules.maxPairs);
    found.ids.add("map.max_pairs");
  }
  if (rules.keys) {
    data.keys = readField(field, rules.keys, files, found);
  }
  if (rules.values) {
    data.values = readField(field, rules.values, files, found);
  }
  return data;
}

/** Reports whether a rule is set. */
function isSet(rules, name) {
  return isFieldSet(rules, schemaOf(rules).field[name]);
}

/** Throws if a rule is set that is not supported. */
function onlyKnown(desc, rules, known) {
  for (const member of schemaOf(rules).members) {
    if (known.includes(member.localName)) {
      continue;
    }
    const set = member.kind === "oneof" ? rules[member.localName].case !== undefined : isFieldSet(rules, member);
    if (set) {
      refuse(desc, `the rule ${member.name}`);
    }
  }
}

const schemas = new Map(
  [FieldRulesSchema, ...FieldRulesSchema.fields.flatMap((field) => (field.message ? [field.message] : []))].map(
    (schema) => [schema.typeName, schema],
  ),
);

function schemaOf(message) {
  return schemas.get(message.$typeName);
}

function refuse(desc, what) {
  throw new Error(`${desc}: forms do not support ${what} yet. Add it to clients/ts/generate and clients/ts/src/form.`);
}
