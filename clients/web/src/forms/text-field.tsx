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
import { Field, inputLook } from "../ui/field";
import { goToNextField } from "./enter-key";
import { useFieldErrorText } from "./field-error";
import { onFilled } from "./filled-fields";
import { usePatience } from "./use-patience";

export interface TextFieldProps<Values extends FieldValues, Output>
  extends Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "form" | "required"> {
  readonly control: Control<Values, unknown, Output>;
  readonly name: FieldPath<Values>;
  readonly label: string;
  readonly hint?: string | ReactElement | undefined;
  readonly aside?: ReactElement | undefined;
  /** Ids of further texts about the input, for screen readers. */
  readonly describedBy?: string | undefined;
  /** Whether the form cannot be sent without it. */
  readonly required?: boolean | undefined;
  /** Other fields whose errors depend on this one. With more than one, typing here draws every field. */
  readonly deps?: FieldPath<Values>[];
  /** Stands within the input, at its end. */
  readonly inside?: ReactElement;
  /** Stands below the input. */
  readonly below?: ReactElement;
  /**
   * How the value is written while the field does not have the focus. The form never sees that: in the field stands what was
   * typed, as long as the user types there.
   */
  readonly display?: (value: string) => string;
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
  describedBy,
  required,
  deps,
  inside,
  below,
  display,
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
  const { shown, typed } = usePatience(useFieldErrorText(fieldState.error));
  // What a browser fills in stands as it is until the user has been there: it would take any change for one by the user.
  const [left, setLeft] = useState(true);
  const value: string = field.value ?? "";
  const written = display && (left || props.readOnly) ? display(value) : value;

  function take(text: string) {
    setLeft(false);
    field.onChange(text);
    typed();
    onTyped?.();
  }

  /** Before anything is rendered: React would undo what it does not know of. */
  function takeFilledIn({ value: present }: HTMLInputElement) {
    if (present !== written) {
      take(present);
    }
  }

  const ref = useInputRef(field.ref, takeFilledIn);
  return (
    <Field label={label} hint={hint} aside={aside} error={shown} describedBy={describedBy} below={below}>
      {(ties) => (
        <div className="relative">
          <input
            type="text"
            enterKeyHint="go"
            {...props}
            {...ties}
            aria-required={required}
            name={field.name}
            ref={ref}
            value={written}
            // Before the browser looks where in the text the pointer is.
            onPointerDown={({ currentTarget }) => {
              takeFilledIn(currentTarget);
              setLeft(false);
            }}
            onFocus={(event) => {
              takeFilledIn(event.currentTarget);
              setLeft(false);
              props.onFocus?.(event);
            }}
            onBlur={(event) => {
              takeFilledIn(event.currentTarget);
              setLeft(true);
              field.onBlur();
              props.onBlur?.(event);
            }}
            onChange={({ target }) => take(target.value)}
            onKeyDown={(event: KeyboardEvent<HTMLInputElement>) => {
              props.onKeyDown?.(event);
              goToNextField(event);
            }}
            className={`${inputLook} ${inside ? "pr-14" : ""} ${className}`}
          />
          {inside && <div className="absolute inset-y-0 right-1 flex items-center">{inside}</div>}
        </div>
      )}
    </Field>
  );
}

/** Ties an input to the form: it takes the focus, and what was filled in without an event is taken over. */
function useInputRef(
  formRef: (input: HTMLInputElement | null) => void,
  takeFilledIn: (input: HTMLInputElement) => void,
) {
  const newest = useRef(takeFilledIn);
  useLayoutEffect(() => {
    newest.current = takeFilledIn;
  });
  return useCallback(
    (input: HTMLInputElement | null) => {
      formRef(input);
      if (input) {
        onFilled(input, () => newest.current(input));
      }
    },
    [formRef],
  );
}
