import type { ComponentProps } from "react";
import { Link, type LinkProps } from "react-router";
import { useKeepDialogOpen } from "./dialog-context";
import { Spinner } from "./spinner";

/** The main action, another action, a minor action, or a destructive action. */
export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const shape =
  "inline-flex min-h-12 items-center justify-center gap-2 rounded-xl px-5 font-semibold transition-colors disabled:cursor-not-allowed aria-disabled:cursor-not-allowed";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong disabled:bg-well disabled:text-soft",
  secondary: "border border-edge bg-card text-ink hover:bg-well disabled:text-soft",
  quiet: "min-h-10 px-3 text-accent hover:bg-tint disabled:text-soft",
  danger: "border border-bad bg-card text-bad hover:bg-bad-tint disabled:text-soft",
};

interface ButtonStyle {
  readonly variant?: ButtonVariant;
  readonly wide?: boolean;
}

const classes = ({ variant = "primary", wide }: ButtonStyle, more = "") =>
  `${shape} ${variants[variant]} ${wide ? "w-full" : ""} ${more}`;

/**
 * A button. While it is busy it keeps its label and its focus, ignores clicks, and keeps the surrounding dialog open.
 */
export function Button({
  variant,
  wide,
  busy = false,
  className,
  children,
  onClick,
  type = "button",
  ...props
}: ComponentProps<"button"> & ButtonStyle & { readonly busy?: boolean | undefined }) {
  useKeepDialogOpen(busy);
  return (
    <button
      type={busy ? "button" : type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      className={classes({ ...(variant && { variant }), ...(wide && { wide }) }, className)}
      onClick={busy ? undefined : onClick}
      {...props}
    >
      {busy && <Spinner />}
      <span>{children}</span>
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ variant, wide, className, ...props }: LinkProps & ButtonStyle) {
  return <Link className={classes({ ...(variant && { variant }), ...(wide && { wide }) }, className)} {...props} />;
}
