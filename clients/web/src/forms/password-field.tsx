import { useState } from "react";
import type { FieldValues } from "react-hook-form";
import { defineWords, useWords } from "../i18n/words";
import { EyeIcon, EyeOffIcon } from "../ui/icons";
import { TextField, type TextFieldProps } from "./text-field";

const words = defineWords({
  en: { show: "Show the password", hide: "Hide the password" },
  ko: { show: "비밀번호 표시", hide: "비밀번호 숨기기" },
});

interface PasswordFieldProps<Values extends FieldValues, Output>
  extends Omit<TextFieldProps<Values, Output>, "type" | "inside"> {
  /** Tells password managers which one is meant. */
  readonly autoComplete: "current-password" | "new-password";
}

/** A password, which can be looked at while it is typed (NIST SP 800-63B, 3.1.1.2). */
export function PasswordField<Values extends FieldValues, Output>(props: PasswordFieldProps<Values, Output>) {
  const say = useWords(words);
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOffIcon : EyeIcon;
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      inside={
        <button
          type="button"
          aria-label={shown ? say.hide : say.show}
          onClick={() => setShown(!shown)}
          className="flex size-11 items-center justify-center rounded-lg text-soft hover:text-ink"
        >
          <Icon className="size-5" />
        </button>
      }
    />
  );
}
