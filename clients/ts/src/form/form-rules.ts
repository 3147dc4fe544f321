import type { DescMessage } from "@bufbuild/protobuf";
import { type FormSchema, type FormSchemaOptions, formSchema } from "./form-schema.js";
import { rulesInEnglish } from "./rules-in-english.js";

/** How a form checks a request. */
export interface FormRulesOptions<Desc extends DescMessage> extends Omit<FormSchemaOptions<Desc>, "texts"> {
  /** The words for what is wrong, such as `ko` of `@latchkey-auth/client/texts`; English when left out. */
  readonly texts?: FormSchemaOptions<Desc>["texts"] | undefined;
}

/**
 * Gives a form the rules of a request, as a Standard Schema: those of the contract, and with `settings` those of this
 * server. A form that it lets pass is refused by the server only for what a form cannot know: that a domain cannot
 * exist, that a password is common, that an address is taken.
 *
 * ```ts
 * const form = useForm({ resolver: standardSchemaResolver(formRules(SignUpRequestSchema, { settings })) });
 * form.handleSubmit((request) => latchkey.auth.signUp(request));
 * ```
 */
export function formRules<Desc extends DescMessage>(
  schema: Desc,
  { texts = { rules: rulesInEnglish }, ...options }: FormRulesOptions<Desc> = {},
): FormSchema<Desc> {
  return formSchema(schema, { ...options, texts });
}
