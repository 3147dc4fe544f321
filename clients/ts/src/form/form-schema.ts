import { create, type DescMessage, isMessage, type MessageShape } from "@bufbuild/protobuf";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type FormValues, unflatten } from "../flat.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";
import type { BrokenRule, RuleLimits } from "./broken-rule.js";
import { checkMessage } from "./check-message.js";
import type { FormRule } from "./rule-ids.js";
import { type RuleTexts, ruleText } from "./rule-texts.js";
import { checkSettings } from "./settings-rules.js";

/** The options of a form schema. */
export interface FormSchemaOptions<Desc extends DescMessage> {
  /** The response of `auth.getSettings()`. Without it only the rules of the contract are checked. */
  readonly settings?: Settings | undefined;
  /** The texts for errors. */
  readonly texts: {
    /** The text for each rule. */
    readonly rules: RuleTexts;
  };
  /** The fields that this step of a form asks for. Other fields are not checked. */
  readonly only?: readonly (keyof FormValues<Desc> & string)[];
  /** Checks rules of the application, such as a repeated password, on the values of the form. */
  readonly check?: (values: Readonly<Record<string, unknown>>) => readonly StandardSchemaV1.Issue[];
}

/** An issue with a value of a form. */
export interface FormIssue extends StandardSchemaV1.Issue {
  /** The rule's stable id; not set for rules of the application. */
  readonly rule?: FormRule;
  /** The limits of the rule, for `ruleText`. */
  readonly limits?: RuleLimits;
}

/** The result of a validation: the request, or the issues. */
export type FormResult<Desc extends DescMessage> =
  | {
      /** The request. */
      readonly value: MessageShape<Desc>;
      /** Not set, because the values are valid. */
      readonly issues?: undefined;
    }
  | {
      /** The issues. */
      readonly issues: readonly FormIssue[];
    };

type Props<Desc extends DescMessage> = StandardSchemaV1.Props<FormValues<Desc>, MessageShape<Desc>>;

/** A synchronous Standard Schema that converts the values of a form to a request. */
export interface FormSchema<Desc extends DescMessage> extends StandardSchemaV1<FormValues<Desc>, MessageShape<Desc>> {
  /** The Standard Schema interface. */
  readonly "~standard": Omit<Props<Desc>, "validate"> & {
    /** Validates the values of a form. */
    readonly validate: (values: unknown) => FormResult<Desc>;
  };
}

/** Creates the schema of a form. Unlike `formRules` it has no default texts, so bundles without English do not include them. */
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

/** Returns every rule that a request violates, in the server's order. */
export function brokenRules<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  settings: Settings | undefined,
): BrokenRule[] {
  const shape = checkMessage(schema, message);
  // A field that violates the contract is not checked by the settings: a missing password need not lack a digit too.
  const named = new Set(shape.map(({ path }) => path[0]));
  const bySettings = settings ? checkSettings(settings, message).filter(({ path }) => !named.has(path[0])) : [];
  return [...shape, ...bySettings];
}

function toMessage<Desc extends DescMessage>(schema: Desc, values: object): MessageShape<Desc> {
  if (isMessage(values, schema)) {
    return values;
  }
  // Forms hold null or undefined for empty fields, and fields that are not in the request.
  const names = new Set([
    ...schema.members.map(({ localName }) => localName),
    ...schema.fields.map(({ localName }) => localName),
  ]);
  const known = Object.entries(values).filter(
    ([name, value]) => names.has(name) && value !== null && value !== undefined,
  );
  return create(schema, unflatten(schema, Object.fromEntries(known)));
}
