import type { DescMessage } from "@bufbuild/protobuf";
import { useQuery } from "@connectrpc/connect-query";
import { type FormRulesOptions, type FormSchema, formRules } from "../form/form-rules.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";
import { useTexts } from "./provider.js";

/** Gives what the server asks of new accounts, asking once; undefined until it has answered. */
export function useSettings(): Settings | undefined {
  return useQuery(AuthService.method.getSettings, {}, { staleTime: Number.POSITIVE_INFINITY }).data;
}

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
