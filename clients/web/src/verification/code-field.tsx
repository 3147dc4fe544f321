import type { Ref } from "react";
import { defineWords, useWords } from "../i18n/words";
import { Field, inputLook } from "../ui/field";

const words = defineWords({ en: { label: "Code" }, ko: { label: "인증번호" } });

interface CodeFieldProps {
  readonly value: string;
  /** Takes digits alone, at most `length` of them. */
  readonly onChange: (code: string) => void;
  readonly length: number;
  readonly hint?: React.ReactNode;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly aside?: React.ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

/** One input for a whole code: phones fill it in from the message, and it can be pasted with blanks in it. */
export function CodeField({ value, onChange, length, hint, error, disabled, aside, ref }: CodeFieldProps) {
  const say = useWords(words);
  return (
    <Field label={say.label} hint={hint} error={error} aside={aside}>
      {(ties) => (
        <input
          {...ties}
          ref={ref}
          name="code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]*"
          placeholder={"0".repeat(length)}
          value={value}
          disabled={disabled}
          // Wide digits, as Korean keyboards type them, are digits too. No maxLength: it would cut what is pasted with blanks.
          onChange={(event) => onChange(event.target.value.normalize("NFKC").replace(/\D/g, "").slice(0, length))}
          className={`${inputLook} text-center font-mono text-2xl tracking-[0.4em] tabular-nums placeholder:opacity-30`}
        />
      )}
    </Field>
  );
}
