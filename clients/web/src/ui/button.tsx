import type { ComponentProps } from "react";
import { Link, type LinkProps } from "react-router";
import { useHoldDialog } from "./dialog-context";
import { Spinner } from "./spinner";

/** How a button looks: the one thing to do, another thing, something small, something that destroys. */
export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

const shape =
  "inline-flex min-h-12 items-center justify-center gap-2 rounded-xl px-5 font-semibold transition-colors disabled:cursor-not-allowed aria-disabled:cursor-not-allowed";

const looks: Record<ButtonLook, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong disabled:bg-well disabled:text-soft",
  secondary: "border border-edge bg-card text-ink hover:bg-well disabled:text-soft",
  quiet: "min-h-10 px-3 text-accent hover:bg-tint disabled:text-soft",
  danger: "border border-bad bg-card text-bad hover:bg-bad-tint disabled:text-soft",
};

interface Looks {
  readonly look?: ButtonLook;
  readonly wide?: boolean;
}

const classes = ({ look = "primary", wide }: Looks, more = "") =>
  `${shape} ${looks[look]} ${wide ? "w-full" : ""} ${more}`;

/**
 * A button. While it is busy it keeps its words and its focus, a second press does nothing, and the dialog around it stays open.
 */
export function Button({
  look,
  wide,
  busy = false,
  className,
  children,
  onClick,
  type = "button",
  ...props
}: ComponentProps<"button"> & Looks & { readonly busy?: boolean | undefined }) {
  useHoldDialog(busy);
  return (
    <button
      type={busy ? "button" : type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      className={classes({ ...(look && { look }), ...(wide && { wide }) }, className)}
      onClick={busy ? undefined : onClick}
      {...props}
    >
      {busy && <Spinner />}
      <span>{children}</span>
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ look, wide, className, ...props }: LinkProps & Looks) {
  return <Link className={classes({ ...(look && { look }), ...(wide && { wide }) }, className)} {...props} />;
}
