import { type DescField, type DescMessage, type MessageShape, ScalarType } from "@bufbuild/protobuf";
import { messageRules } from "../gen/form-rules.js";
import type { BrokenRule } from "./broken-rule.js";
import { checkText } from "./check-text.js";
import type { FieldRules } from "./message-rules.js";

type Path = BrokenRule["path"];

/** Returns every rule of the contract that a message violates, like the server's validator. */
export function checkMessage<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): BrokenRule[] {
  const rules = messageRules[schema.typeName];
  if (!rules) {
    throw new Error(`${schema.typeName} is not a request of Latchkey`);
  }
  const values = message as unknown as Record<string, unknown>;
  const broken = schema.fields.flatMap((field) => {
    const value = fieldValue(field, values);
    const fieldRules = rules.fields[field.localName] ?? {};
    return value === undefined || (fieldRules.ignoreEmpty && value === "")
      ? []
      : onlySizes(checkField(field, fieldRules, value, [field.localName]));
  });
  const missing = (rules.oneofs ?? []).filter((name) => !(values[name] as { case?: string }).case);
  return [...missing.map((name): BrokenRule => ({ path: [name], rule: "required" })), ...broken];
}

const sizeRules = new Set(["string.max_len", "repeated.max_items", "map.max_pairs"]);

/** Returns only the size violations of a field, if there are any, like the server. */
function onlySizes(broken: BrokenRule[]): BrokenRule[] {
  const sizes = broken.filter(({ rule }) => sizeRules.has(rule));
  return sizes.length > 0 ? sizes : broken;
}

/** Returns the value of a field; undefined when it is not set. */
function fieldValue(field: DescField, values: Record<string, unknown>): unknown {
  if (!field.oneof) {
    return values[field.localName];
  }
  const choice = values[field.oneof.localName] as { case?: string; value?: unknown };
  return choice.case === field.localName ? choice.value : undefined;
}

function checkField(field: DescField, rules: FieldRules, value: unknown, path: Path): BrokenRule[] {
  switch (field.fieldKind) {
    case "scalar":
      return field.scalar === ScalarType.INT32 ? checkNumber(rules, value, path) : checkText(rules, value, path);
    case "enum":
      return checkEnum(rules, value, path);
    case "list":
      return Array.isArray(value) ? checkList(rules, value, path) : [{ path, rule: "type" }];
    case "map":
      return checkMap(rules, value as Record<string, unknown>, path);
    case "message":
      return [];
  }
}

function checkNumber({ gte, lte }: FieldRules, value: unknown, path: Path): BrokenRule[] {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return [{ path, rule: "type" }];
  }
  if (gte === undefined || lte === undefined || (value >= gte && value <= lte)) {
    return [];
  }
  return [{ path, rule: "int32.gte_lte", limits: { min: gte, max: lte } }];
}

function checkEnum({ definedOnly, notIn }: FieldRules, value: unknown, path: Path): BrokenRule[] {
  if (typeof value !== "number") {
    return [{ path, rule: "type" }];
  }
  const broken: BrokenRule[] = [];
  if (definedOnly && !definedOnly.includes(value)) {
    broken.push({ path, rule: "enum.defined_only" });
  }
  if (notIn?.includes(value)) {
    broken.push({ path, rule: "enum.not_in" });
  }
  return broken;
}

/** Checks the items of a list, unless there are too many, like the server. */
function checkList({ maxItems, unique, items }: FieldRules, list: unknown[], path: Path): BrokenRule[] {
  if (maxItems !== undefined && list.length > maxItems) {
    return [{ path, rule: "repeated.max_items", limits: { max: maxItems } }];
  }
  const broken: BrokenRule[] = [];
  if (unique && new Set(list).size < list.length) {
    broken.push({ path, rule: "repeated.unique" });
  }
  return items ? [...broken, ...list.flatMap((item, i) => checkText(items, item, [...path, i]))] : broken;
}

/** Checks the pairs of a map, unless there are too many, like the server. */
function checkMap(
  { maxPairs, keys = {}, values = {} }: FieldRules,
  map: Record<string, unknown>,
  path: Path,
): BrokenRule[] {
  const pairs = Object.entries(map);
  if (maxPairs !== undefined && pairs.length > maxPairs) {
    return [{ path, rule: "map.max_pairs", limits: { max: maxPairs } }];
  }
  return pairs.flatMap(([key, value]) => [
    ...checkText(keys, key, [...path, key]),
    ...checkText(values, value, [...path, key]),
  ]);
}
