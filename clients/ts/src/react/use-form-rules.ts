import type { DescMessage } from "@bufbuild/protobuf";
import { useEffect, useMemo, useRef } from "react";
import type { FormRulesOptions } from "../form/form-rules.js";
import { type FormSchema, formSchema } from "../form/form-schema.js";
import { useTexts } from "./provider.js";
import { useSettings } from "./use-settings.js";

/**
 * Returns the rules of a request for a form, with the settings of this server as soon as they are known, in the language of
 * the LatchkeyProvider. See `formRules`.
 *
 * The rules are the same object until the settings, the language or the fields in `only` change. `check` may be another
 * function at each render: the newest one is called.
 *
 * ```tsx
 * const form = useForm({ resolver: standardSchemaResolver(useFormRules(SignUpRequestSchema)), mode: "onChange" });
 * ```
 */
export function useFormRules<Desc extends DescMessage>(
  schema: Desc,
  options: Omit<FormRulesOptions<Desc>, "settings"> = {},
): FormSchema<Desc> {
  const { data: settings } = useSettings();
  const spoken = useTexts();
  const { texts = spoken, check, only } = options;
  const newestCheck = useRef(check);
  useEffect(() => {
    newestCheck.current = check;
  });
  const hasCheck = check !== undefined;
  const fields = only?.join();
  return useMemo(
    () =>
      formSchema(schema, {
        texts,
        settings,
        ...(fields !== undefined && { only: fields.split(",") as unknown as NonNullable<typeof only> }),
        ...(hasCheck && { check: (values) => newestCheck.current?.(values) ?? [] }),
      }),
    [schema, texts, settings, fields, hasCheck],
  );
}
