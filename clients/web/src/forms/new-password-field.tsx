import { useId } from "react";
import type { FieldValues } from "react-hook-form";
import { PasswordChecklist } from "./password-checklist";
import { PasswordField } from "./password-field";
import type { TextFieldProps } from "./text-field";

/** A field for a new password, with the checklist of the server's policy. */
export function NewPasswordField<Values extends FieldValues, Output>(
  props: Pick<TextFieldProps<Values, Output>, "control" | "name" | "label" | "deps" | "onValueChange">,
) {
  const id = useId();
  return (
    <div className="space-y-3">
      <PasswordField {...props} autoComplete="new-password" enterKeyHint="next" describedBy={id} />
      <PasswordChecklist control={props.control} name={props.name} id={id} />
    </div>
  );
}
