import { type ReactElement, useId } from "react";

/** The attributes that connect an input with its label, hint and error. */
export interface FieldInputProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | ReactElement | undefined;
  /** The error message. */
  readonly error?: string | undefined;
  /** Shown beside the label, such as a mark that a contact is verified. */
  readonly aside?: ReactElement | undefined;
  /** Ids of further elements that describe the input, such as the password checklist. */
  readonly describedBy?: string | undefined;
  /** Shown between the input and the hint, such as a Caps Lock warning. */
  readonly below?: ReactElement | undefined;
  readonly children: (inputProps: FieldInputProps) => ReactElement;
}

/** A label, an input, a hint and an error message. */
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
      {/* Always rendered: screen readers announce changes in a live region only if it existed before. */}
      <p id={`${id}-error`} aria-live="polite" className="text-sm font-medium text-bad">
        {error && <span className="mt-1.5 block animate-arrive">{error}</span>}
      </p>
    </div>
  );
}

/** The style of text inputs. Text has at least 16 px: phones zoom in on smaller inputs. */
export const inputClass =
  "block min-h-12 w-full rounded-xl border border-edge bg-card px-4 text-base text-ink placeholder:text-soft aria-invalid:border-bad read-only:bg-well disabled:bg-well disabled:text-soft focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent";
