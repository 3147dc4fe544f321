import type { Ref } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { Field, inputClass } from "../ui/field";

const translations = defineTranslations({ en: { label: "Code" }, ko: { label: "인증번호" } });

interface CodeFieldProps {
  readonly value: string;
  /** Called with the text as it was typed. `done` is false while an input method composes a character. */
  readonly onChange: (text: string, done: boolean) => void;
  readonly length: number;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly aside?: React.ReactElement;
  readonly ref?: Ref<HTMLInputElement>;
}

/** One input for the whole code. Phones can autofill it from the message, and codes with spaces can be pasted. */
export function CodeField({ value, onChange, length, hint, error, aside, ref }: CodeFieldProps) {
  const t = useTranslations(translations);
  return (
    <Field label={t.label} hint={hint} error={error} aside={aside}>
      {(inputProps) => (
        <input
          {...inputProps}
          ref={ref}
          name="code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          enterKeyHint="done"
          aria-required
          pattern="[0-9]*"
          placeholder={"0".repeat(length)}
          value={value}
          // No maxLength: it would cut off a pasted code with spaces.
          onChange={(event) => onChange(event.target.value, !(event.nativeEvent as InputEvent).isComposing)}
          onCompositionEnd={(event) => onChange(event.currentTarget.value, true)}
          className={`${inputClass} text-center font-mono text-2xl tracking-[0.4em] tabular-nums placeholder:opacity-30`}
        />
      )}
    </Field>
  );
}
