import type { ReactNode } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { Field, inputClass } from "../ui/field";
import { useFieldErrorText } from "./field-error";

interface SelectFieldProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly hint?: string;
  /** The `<option>` elements. */
  readonly children: ReactNode;
}

/** A select of a form. */
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
      {(inputProps) => (
        <select {...inputProps} {...field} className={`${inputClass} read-only:bg-card!`}>
          {children}
        </select>
      )}
    </Field>
  );
}
