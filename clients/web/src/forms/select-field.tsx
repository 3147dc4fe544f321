import type { ReactNode } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { Field, inputLook } from "../ui/field";
import { useFieldErrorText } from "./field-error";

interface SelectFieldProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly hint?: string;
  /** The options. */
  readonly children: ReactNode;
}

/** A choice of a form, of a few words of which one always holds. */
export function SelectField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  hint,
  children,
}: SelectFieldProps<Values, Output>) {
  const { field, fieldState } = useController({ control, name });
  const error = useFieldErrorText(fieldState.error);
  return (
    <Field label={label} hint={hint} error={error}>
      {(ties) => (
        <select {...ties} {...field} className={`${inputLook} read-only:bg-card!`}>
          {children}
        </select>
      )}
    </Field>
  );
}
