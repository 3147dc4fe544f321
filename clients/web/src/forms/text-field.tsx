import {
  type InputHTMLAttributes,
  type KeyboardEvent,
  type ReactElement,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { Field, inputClass } from "../ui/field";
import { onReadAutofill } from "./autofill";
import { focusNextEmptyField } from "./enter-key";
import { useFieldErrorText } from "./field-error";
import { useDelayedError } from "./use-delayed-error";

export interface TextFieldProps<Values extends FieldValues, Output>
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "form" | "required"> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly hint?: string | ReactElement | undefined;
  readonly aside?: ReactElement | undefined;
  /** Ids of further elements that describe the input. */
  readonly describedBy?: string | undefined;
  /** Whether the form requires a value. */
  readonly required?: boolean | undefined;
  /** Other fields to validate when this one changes. With more than one, typing here renders every field. */
  readonly deps?: FieldPath<Values>[];
  /** Shown inside the input, at its end. */
  readonly endAdornment?: ReactElement;
  /** Shown below the input. */
  readonly below?: ReactElement;
  /**
   * Formats the value for display while the field does not have the focus. The form always holds the value as it was typed, and
   * so does the field while it has the focus.
   */
  readonly formatValue?: (value: string) => string;
  /** Called after the form has stored a typed value. */
  readonly onValueChange?: () => void;
}

/** A text input of a form. It subscribes to its own value and error only, so that typing renders nothing else. */
export function TextField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  hint,
  aside,
  describedBy,
  required,
  deps,
  endAdornment,
  below,
  formatValue,
  onValueChange,
  className = "",
  ...props
}: TextFieldProps<Values, Output>) {
  const { field, fieldState } = useController({
    control,
    name,
    // A list of names notifies every field of the form, a single name that field only.
    rules: { ...(deps && { deps: deps.length === 1 ? deps[0] : deps }) },
  });
  const { visibleError, onTyping } = useDelayedError(useFieldErrorText(fieldState.error));
  // An autofilled value is formatted only after the user has focused the field: browsers treat a changed value as the user's input.
  const [isBlurred, setIsBlurred] = useState(true);
  const value: string = field.value ?? "";
  const displayed = formatValue && (isBlurred || props.readOnly) ? formatValue(value) : value;

  function change(text: string) {
    setIsBlurred(false);
    field.onChange(text);
    onTyping();
    onValueChange?.();
  }

  /** Called before a render: React would overwrite a value that it does not know. */
  function readAutofilledValue({ value: present }: HTMLInputElement) {
    if (present !== displayed) {
      change(present);
    }
  }

  const ref = useInputRef(field.ref, readAutofilledValue);
  return (
    <Field label={label} hint={hint} aside={aside} error={visibleError} describedBy={describedBy} below={below}>
      {(inputProps) => (
        <div className="relative">
          <input
            type="text"
            enterKeyHint="go"
            {...props}
            {...inputProps}
            aria-required={required}
            name={field.name}
            ref={ref}
            value={displayed}
            // Before the browser places the caret at the pointer, since the text may change.
            onPointerDown={({ currentTarget }) => {
              readAutofilledValue(currentTarget);
              setIsBlurred(false);
            }}
            onFocus={(event) => {
              readAutofilledValue(event.currentTarget);
              setIsBlurred(false);
              props.onFocus?.(event);
            }}
            onBlur={(event) => {
              readAutofilledValue(event.currentTarget);
              setIsBlurred(true);
              field.onBlur();
              props.onBlur?.(event);
            }}
            onChange={({ target }) => change(target.value)}
            onKeyDown={(event: KeyboardEvent<HTMLInputElement>) => {
              props.onKeyDown?.(event);
              focusNextEmptyField(event);
            }}
            className={`${inputClass} ${endAdornment ? "pr-14" : ""} ${className}`}
          />
          {endAdornment && <div className="absolute inset-y-0 right-1 flex items-center">{endAdornment}</div>}
        </div>
      )}
    </Field>
  );
}

/** Returns the ref of an input: the form can focus the input, and readAutofill can read it. */
function useInputRef(
  formRef: (input: HTMLInputElement | null) => void,
  readAutofilledValue: (input: HTMLInputElement) => void,
) {
  const newest = useRef(readAutofilledValue);
  useLayoutEffect(() => {
    newest.current = readAutofilledValue;
  });
  return useCallback(
    (input: HTMLInputElement | null) => {
      formRef(input);
      if (input) {
        onReadAutofill(input, () => newest.current(input));
      }
    },
    [formRef],
  );
}
