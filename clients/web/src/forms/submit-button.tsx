import type { ReactNode } from "react";
import { type Control, type FieldValues, useFormState } from "react-hook-form";
import { Button, type ButtonLook } from "../ui/button";

interface SubmitButtonProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly look?: ButtonLook;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

/** Sends a form, and is busy meanwhile. It can be pressed while fields are wrong: then they say so. */
export function SubmitButton<Values extends FieldValues, Output>({
  control,
  look = "primary",
  disabled,
  children,
}: SubmitButtonProps<Values, Output>) {
  const { isSubmitting } = useFormState({ control });
  return (
    <Button type="submit" look={look} wide busy={isSubmitting} {...(disabled && { disabled })}>
      {children}
    </Button>
  );
}
