import { create, type DescMessage, isMessage, type MessageShape } from "@bufbuild/protobuf";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type FormValues, unflatten } from "../flat.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";
import type { BrokenRule, RuleLimits } from "./broken-rule.js";
import { checkMessage } from "./check-message.js";
import type { FormRule } from "./rule-ids.js";
import { type RuleTexts, ruleText } from "./rule-texts.js";
import { checkSettings } from "./settings-rules.js";

/** How a form checks a request, with words of its own. */
export interface FormSchemaOptions<Desc extends DescMessage> {
  /** What `auth.getSettings()` has answered. Without it, only what holds on every server is checked. */
  readonly settings?: Settings | undefined;
  /** The words for each rule. */
  readonly texts: {
    /** The words for each rule. */
    readonly rules: RuleTexts;
  };
  /** The fields that this step of a form asks for; what is wrong with others is left for their steps. */
  readonly only?: readonly (keyof FormValues<Desc> & string)[];
  /** Rules of the application's own, such as a password that is typed twice, for the values as the form holds them. */
  readonly check?: (values: Readonly<Record<string, unknown>>) => readonly StandardSchemaV1.Issue[];
}

/** What is wrong with a value of a form. */
export interface FormIssue extends StandardSchemaV1.Issue {
  /** The rule's stable id; not set for rules of the application's own. */
  readonly rule?: FormRule;
  /** The numbers and values that the rule speaks of, for `ruleText`. */
  readonly limits?: RuleLimits;
}

/** What a form is told: the request, ready to be sent, or what is wrong. */
export type FormResult<Desc extends DescMessage> =
  | {
      /** The request. */
      readonly value: MessageShape<Desc>;
      /** Not set: nothing is wrong. */
      readonly issues?: undefined;
    }
  | {
      /** What is wrong. */
      readonly issues: readonly FormIssue[];
    };

type Props<Desc extends DescMessage> = StandardSchemaV1.Props<FormValues<Desc>, MessageShape<Desc>>;

/** A Standard Schema that answers at once: the values of a form go in, and the request comes out. */
export interface FormSchema<Desc extends DescMessage> extends StandardSchemaV1<FormValues<Desc>, MessageShape<Desc>> {
  /** What makes it a Standard Schema. */
  readonly "~standard": Omit<Props<Desc>, "validate"> & {
    /** Checks the values of a form. */
    readonly validate: (values: unknown) => FormResult<Desc>;
  };
}

/** Makes the schema of a form. English, which `formRules` falls back to, is left out here: pages bring their own words. */
export function formSchema<Desc extends DescMessage>(
  schema: Desc,
  { settings, texts, only, check }: FormSchemaOptions<Desc>,
): FormSchema<Desc> {
  return {
    "~standard": {
      version: 1,
      vendor: "latchkey",
      validate(values) {
        const given = typeof values === "object" && values !== null ? values : {};
        const message = toMessage(schema, given);
        const issues: FormIssue[] = brokenRules(schema, message, settings)
          .filter(({ path }) => !only || only.includes(path[0] as never))
          .map((broken) => ({ ...broken, message: ruleText(texts.rules, broken) }));
        issues.push(...(check?.(given as Record<string, unknown>) ?? []));
        return issues.length > 0 ? { issues } : { value: message };
      },
    },
  };
}

/** Gives every rule that a request breaks, in the order in which the server names them. */
export function brokenRules<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  settings: Settings | undefined,
): BrokenRule[] {
  const shape = checkMessage(schema, message);
  // One rule of one field at a time is enough: a missing password need not lack a digit as well.
  const named = new Set(shape.map(({ path }) => path[0]));
  const bySettings = settings ? checkSettings(settings, message).filter(({ path }) => !named.has(path[0])) : [];
  return [...shape, ...bySettings];
}

function toMessage<Desc extends DescMessage>(schema: Desc, values: object): MessageShape<Desc> {
  if (isMessage(values, schema)) {
    return values;
  }
  // Forms hold null or undefined for what was not filled in, and fields that are none of the request's.
  const names = new Set([
    ...schema.members.map(({ localName }) => localName),
    ...schema.fields.map(({ localName }) => localName),
  ]);
  const known = Object.entries(values).filter(
    ([name, value]) => names.has(name) && value !== null && value !== undefined,
  );
  return create(schema, unflatten(schema, Object.fromEntries(known)));
}
