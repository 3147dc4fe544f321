import { useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import type { FieldValues } from "react-hook-form";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { EyeIcon, EyeOffIcon } from "../ui/icons";
import { CapsLockHint, useCapsLock } from "./caps-lock";
import { passwordRules } from "./password-rules";
import { TextField, type TextFieldProps } from "./text-field";

const translations = defineTranslations({
  en: { show: "Show the password", hide: "Hide the password" },
  ko: { show: "비밀번호 표시", hide: "비밀번호 숨기기" },
});

interface PasswordFieldProps<Values extends FieldValues, Output>
  extends Omit<TextFieldProps<Values, Output>, "type" | "inside" | "below" | "required"> {
  /** Whether password managers fill in a password or propose a new one. */
  readonly autoComplete: "current-password" | "new-password";
}

/** A password field with a button that shows the password (NIST SP 800-63B, 3.1.1.2). */
export function PasswordField<Values extends FieldValues, Output>(props: PasswordFieldProps<Values, Output>) {
  const t = useTranslations(translations);
  const [shown, setShown] = useState(false);
  const policy = useSettings().data?.passwordPolicy;
  const { capsLock, ...watched } = useCapsLock();
  const Icon = shown ? EyeOffIcon : EyeIcon;
  return (
    <TextField
      {...props}
      {...watched}
      {...(policy && props.autoComplete === "new-password" && { passwordrules: passwordRules(policy) })}
      type={shown ? "text" : "password"}
      required
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      below={<CapsLockHint on={capsLock} />}
      endAdornment={
        <button
          type="button"
          aria-label={shown ? t.hide : t.show}
          onClick={() => setShown(!shown)}
          className="flex size-11 items-center justify-center rounded-lg text-soft hover:text-ink"
        >
          <Icon className="size-5" />
        </button>
      }
    />
  );
}
