import type { DescMessage } from "@bufbuild/protobuf";
import { useEffect, useMemo, useRef } from "react";
import type { FormRulesOptions } from "../form/form-rules.js";
import { type FormSchema, formSchema } from "../form/form-schema.js";
import { useTexts } from "./core-provider.js";
import { useSettings } from "./use-settings.js";

/**
 * Returns the rules of a request for a form, in the language of the provider. They include the server's settings once these are
 * fetched. See `formRules`.
 *
 * The result is stable until the settings, the language or the fields in `only` change. `check` may be a new function at each
 * render.
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
  const providerTexts = useTexts();
  const { texts = providerTexts, check, only } = options;
  const latestCheck = useRef(check);
  useEffect(() => {
    latestCheck.current = check;
  });
  const hasCheck = check !== undefined;
  const fields = only?.join();
  return useMemo(
    () =>
      formSchema(schema, {
        texts,
        settings,
        ...(fields !== undefined && { only: fields.split(",") as unknown as NonNullable<typeof only> }),
        ...(hasCheck && { check: (values) => latestCheck.current?.(values) ?? [] }),
      }),
    [schema, texts, settings, fields, hasCheck],
  );
}
