import type { DescMessage } from "@bufbuild/protobuf";
import { type FormRulesOptions, type FormSchema, formRules } from "../form/form-rules.js";
import { useTexts } from "./provider.js";
import { useSettings } from "./use-settings.js";

/**
 * Gives a form the rules of a request, with the settings of this server as soon as they are known, in the language of the
 * LatchkeyProvider. See `formRules`.
 *
 * ```tsx
 * const form = useForm({ resolver: standardSchemaResolver(useFormRules(SignUpRequestSchema)), mode: "onChange" });
 * ```
 */
export function useFormRules<Desc extends DescMessage>(
  schema: Desc,
  options: Omit<FormRulesOptions<Desc>, "settings"> = {},
): FormSchema<Desc> {
  const settings = useSettings();
  const texts = useTexts();
  return formRules(schema, { texts, ...options, settings });
}
