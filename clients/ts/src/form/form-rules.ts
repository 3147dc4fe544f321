import type { DescMessage } from "@bufbuild/protobuf";
import { englishRuleTexts } from "./english-rule-texts.js";
import { type FormSchema, type FormSchemaOptions, formSchema } from "./form-schema.js";

/** The options of `formRules`. */
export interface FormRulesOptions<Desc extends DescMessage> extends Omit<FormSchemaOptions<Desc>, "texts"> {
  /** The texts for errors, such as `ko` of `@latchkey-auth/client/texts`. Defaults to English. */
  readonly texts?: FormSchemaOptions<Desc>["texts"] | undefined;
}

/**
 * Returns the rules of a request as a Standard Schema: those of the contract, and with `settings` those of the server. The server
 * rejects a valid form only for what a form cannot know, such as a common password or an address that is taken.
 *
 * ```ts
 * const form = useForm({ resolver: standardSchemaResolver(formRules(SignUpRequestSchema, { settings })) });
 * form.handleSubmit((request) => latchkey.auth.signUp(request));
 * ```
 */
export function formRules<Desc extends DescMessage>(
  schema: Desc,
  { texts = { rules: englishRuleTexts }, ...options }: FormRulesOptions<Desc> = {},
): FormSchema<Desc> {
  return formSchema(schema, { ...options, texts });
}
