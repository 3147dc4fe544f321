import type { ReactNode } from "react";
import { type Control, type FieldValues, useFormState } from "react-hook-form";
import { Button, type ButtonVariant } from "../ui/button";

interface SubmitButtonProps<Values extends FieldValues, Output> {
  readonly control: Control<Values, unknown, Output>;
  readonly variant?: ButtonVariant;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

/** Submits a form, and is busy while the submission is pending. It stays enabled with invalid fields: submitting shows their errors. */
export function SubmitButton<Values extends FieldValues, Output>({
  control,
  variant = "primary",
  disabled,
  children,
}: SubmitButtonProps<Values, Output>) {
  const { isSubmitting } = useFormState({ control });
  return (
    <Button type="submit" variant={variant} wide busy={isSubmitting} {...(disabled && { disabled })}>
      {children}
    </Button>
  );
}
