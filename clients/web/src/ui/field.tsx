import { type ReactElement, useId } from "react";

/** What an input needs to be tied to its label, its hint and its error. */
export interface FieldTies {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | ReactElement | undefined;
  /** What is wrong; one message at a time. */
  readonly error?: string | undefined;
  /** Stands beside the label, such as a verified mark. */
  readonly aside?: ReactElement | undefined;
  /** Ids of further texts that describe the input, such as what a password needs. */
  readonly describedBy?: string | undefined;
  /** Stands between the input and the hint, such as a warning while the user types. */
  readonly below?: ReactElement | undefined;
  readonly children: (ties: FieldTies) => ReactElement;
}

/** A label, an input, and below it the hint or what is wrong. */
export function Field({ label, hint, error, aside, describedBy, below, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`, describedBy].filter(Boolean).join(" ");
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {below}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-soft">
          {hint}
        </p>
      )}
      {/* Always there, so that what comes into it is read out. */}
      <p id={`${id}-error`} aria-live="polite" className="text-sm font-medium text-bad">
        {error && <span className="mt-1.5 block animate-arrive">{error}</span>}
      </p>
    </div>
  );
}

/** How every text input looks. 16 px at least: below that, phones zoom in. */
export const inputLook =
  "block min-h-12 w-full rounded-xl border border-edge bg-card px-4 text-base text-ink placeholder:text-soft aria-invalid:border-bad read-only:bg-well disabled:bg-well disabled:text-soft focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent";
