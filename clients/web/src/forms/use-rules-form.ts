import { type DescMessage, type FormRulesOptions, LatchkeyError } from "@latchkey-auth/client";
import { useFormRules } from "@latchkey-auth/client/react";
import { useRef } from "react";
import { type DefaultValues, type FieldValues, type UseFormReturn, useForm } from "react-hook-form";
import { takeFilled } from "./filled-fields";
import { showRefusal } from "./refused";
import { type PageIssue, type RequestOfRules, resolveByRules } from "./rules-resolver";

/** How a form is set up. */
export interface RulesFormOptions<Desc extends DescMessage, Values extends FieldValues> {
  readonly defaultValues: DefaultValues<Values>;
  /** The fields of the request that this form asks for; all of them when left out. */
  readonly only?: FormRulesOptions<Desc>["only"];
  /** Rules of the page's own. */
  readonly check?: (values: Values) => readonly PageIssue[];
  /** Rules that count once the form is sent, such as a proof that is still to come: nobody is hurried while typing. */
  readonly checkOnSend?: (values: Values) => readonly PageIssue[];
  /** The names that the form has for fields of the request: `{ email: "identifier" }`. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Makes the request's fields of the form's. */
  readonly toRequest?: (values: Values) => Record<string, unknown>;
}

/** A form, and the way to send it. */
export interface RulesForm<Desc extends DescMessage, Values extends FieldValues>
  extends UseFormReturn<Values, unknown, RequestOfRules<Desc>> {
  /** Gives what a form's `onSubmit` takes. What the server refuses lands below its field, or in a notice. */
  readonly sends: (
    send: (request: RequestOfRules<Desc>) => Promise<unknown>,
    refused?: (error: LatchkeyError) => boolean | undefined,
  ) => (event?: React.BaseSyntheticEvent) => Promise<void>;
}

/**
 * A form with the rules of a request: those of the contract, and those of this server. Errors show while somebody types, one
 * at a time for each field.
 */
export function useRulesForm<Desc extends DescMessage, Values extends FieldValues>(
  schema: Desc,
  {
    defaultValues,
    only,
    check,
    checkOnSend,
    rename = {},
    toRequest = (values) => values,
  }: RulesFormOptions<Desc, Values>,
): RulesForm<Desc, Values> {
  const sending = useRef(false);
  const rules = useFormRules(schema, { ...(only && { only }) });

  const form = useForm<Values, unknown, RequestOfRules<Desc>>({
    resolver: (values) =>
      resolveByRules(rules, toRequest(values), rename, [
        ...(check?.(values) ?? []),
        ...((sending.current && checkOnSend?.(values)) || []),
      ]),
    defaultValues,
    mode: "onChange",
  });

  return Object.assign(form, {
    sends: (
      send: (request: RequestOfRules<Desc>) => Promise<unknown>,
      refused?: (error: LatchkeyError) => boolean | undefined,
    ) => {
      const submit = form.handleSubmit(async (request) => {
        sending.current = false;
        try {
          await send(request);
        } catch (caught) {
          const error = LatchkeyError.from(caught);
          if (!refused?.(error)) {
            showRefusal(form, error, rename);
          }
        }
      });
      return async (event?: React.BaseSyntheticEvent) => {
        event?.preventDefault();
        // Enter in a field sends a form as its button does, however often it is pressed.
        if (!form.control._formState.isSubmitting) {
          takeFilled(event?.currentTarget);
          sending.current = true;
          await submit(event).finally(() => {
            sending.current = false;
          });
        }
      };
    },
  });
}
