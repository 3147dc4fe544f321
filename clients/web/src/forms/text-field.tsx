import type { InputHTMLAttributes, ReactNode } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { Field, inputLook } from "../ui/field";
import { usePatience } from "./use-patience";

export interface TextFieldProps<Values extends FieldValues, Output>
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "form"> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly aside?: ReactNode;
  /** Other fields whose errors depend on this one. With more than one, typing here draws every field. */
  readonly deps?: FieldPath<Values>[];
  /** Stands within the input, at its end. */
  readonly inside?: ReactNode;
  /** Changes what was typed before the form sees it. */
  readonly shape?: (text: string) => string;
  /** Is called once the form has taken what was typed. */
  readonly onTyped?: () => void;
}

/** A text input of a form. It listens to its own value and error alone, so that typing in it draws nothing else. */
export function TextField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  hint,
  aside,
  deps,
  inside,
  shape,
  onTyped,
  className = "",
  ...props
}: TextFieldProps<Values, Output>) {
  const { field, fieldState } = useController({
    control,
    name,
    // A list of names is told to every field of the form, a single name to that field alone.
    rules: { ...(deps && { deps: deps.length === 1 ? deps[0] : deps }) },
  });
  const { shown, typed } = usePatience(fieldState.error?.message);
  return (
    <Field label={label} hint={hint} aside={aside} error={shown}>
      {(ties) => (
        <div className="relative">
          <input
            type="text"
            {...props}
            {...ties}
            name={field.name}
            ref={field.ref}
            value={field.value ?? ""}
            onBlur={(event) => {
              field.onBlur();
              props.onBlur?.(event);
            }}
            onChange={({ target }) => {
              // Only while somebody types at the end: elsewhere the cursor would jump there.
              const atEnd = target.selectionStart === null || target.selectionStart === target.value.length;
              field.onChange(shape && atEnd ? shape(target.value) : target.value);
              typed();
              onTyped?.();
            }}
            className={`${inputLook} ${inside ? "pr-14" : ""} ${className}`}
          />
          {inside && <div className="absolute inset-y-0 right-1 flex items-center">{inside}</div>}
        </div>
      )}
    </Field>
  );
}
