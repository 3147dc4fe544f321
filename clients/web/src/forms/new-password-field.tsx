import { useId } from "react";
import type { FieldValues } from "react-hook-form";
import { PasswordChecklist } from "./password-checklist";
import { PasswordField } from "./password-field";
import type { TextFieldProps } from "./text-field";

/** A new password, and what the server asks of it. */
export function NewPasswordField<Values extends FieldValues, Output>(
  props: Pick<TextFieldProps<Values, Output>, "control" | "name" | "label" | "deps" | "onTyped">,
) {
  const id = useId();
  return (
    <div className="space-y-3">
      <PasswordField {...props} autoComplete="new-password" enterKeyHint="next" describedBy={id} />
      <PasswordChecklist control={props.control} name={props.name} id={id} />
    </div>
  );
}
