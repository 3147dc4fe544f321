import { type DescMessage, type FormRulesOptions, LatchkeyError } from "@latchkey-auth/client";
import { useFormRules } from "@latchkey-auth/client/react";
import { useRef } from "react";
import { type DefaultValues, type FieldValues, type UseFormReturn, useForm } from "react-hook-form";
import { readAutofill } from "./autofill";
import { type FormRequest, type PageIssue, resolveWithRules } from "./rules-resolver";
import { showServerErrors } from "./server-errors";

/** The options of a form. */
export interface RulesFormOptions<Desc extends DescMessage, Values extends FieldValues> {
  readonly defaultValues: DefaultValues<Values>;
  /** The fields of the request that this form asks for. Defaults to all. */
  readonly only?: FormRulesOptions<Desc>["only"];
  /** Checks rules that belong to the page, not to the request. */
  readonly check?: (values: Values) => readonly PageIssue[];
  /** Checks rules on submit only, such as a missing proof. The user is not shown these errors while typing. */
  readonly checkOnSubmit?: (values: Values) => readonly PageIssue[];
  /** Maps fields of the request to fields of the form: `{ email: "identifier" }`. */
  readonly fieldNames?: Readonly<Record<string, string>>;
  /** Converts the values of the form to the fields of the request. */
  readonly toRequest?: (values: Values) => Record<string, unknown>;
}

/** A form with a submit handler for a call. */
export interface RulesForm<Desc extends DescMessage, Values extends FieldValues>
  extends UseFormReturn<Values, unknown, FormRequest<Desc>> {
  /**
   * Returns a handler for `onSubmit` that makes a call with the valid request. Errors of the server appear below their fields or
   * in a notice, unless `onError` returns true.
   */
  readonly submitHandler: (
    send: (request: FormRequest<Desc>) => Promise<unknown>,
    onError?: (error: LatchkeyError) => boolean | undefined,
  ) => (event?: React.BaseSyntheticEvent) => Promise<void>;
}

/**
 * A form that is validated by the rules of a request: those of the contract, and those of this server's settings. Errors appear
 * while the user types, one at a time for each field.
 */
export function useRulesForm<Desc extends DescMessage, Values extends FieldValues>(
  schema: Desc,
  {
    defaultValues,
    only,
    check,
    checkOnSubmit,
    fieldNames = {},
    toRequest = (values) => values,
  }: RulesFormOptions<Desc, Values>,
): RulesForm<Desc, Values> {
  const isSubmitting = useRef(false);
  const rules = useFormRules(schema, { ...(only && { only }) });

  const form = useForm<Values, unknown, FormRequest<Desc>>({
    resolver: (values) =>
      resolveWithRules(rules, toRequest(values), fieldNames, [
        ...(check?.(values) ?? []),
        ...((isSubmitting.current && checkOnSubmit?.(values)) || []),
      ]),
    defaultValues,
    mode: "onChange",
  });

  return Object.assign(form, {
    submitHandler: (
      send: (request: FormRequest<Desc>) => Promise<unknown>,
      onError?: (error: LatchkeyError) => boolean | undefined,
    ) => {
      const submit = form.handleSubmit(async (request) => {
        isSubmitting.current = false;
        try {
          await send(request);
        } catch (caught) {
          const error = LatchkeyError.from(caught);
          if (!onError?.(error)) {
            showServerErrors(form, error, fieldNames);
          }
        }
      });
      return async (event?: React.BaseSyntheticEvent) => {
        event?.preventDefault();
        // Pressing Enter again while the submission is pending must not submit twice.
        if (!form.control._formState.isSubmitting) {
          readAutofill(event?.currentTarget);
          isSubmitting.current = true;
          await submit(event).finally(() => {
            isSubmitting.current = false;
          });
        }
      };
    },
  });
}
