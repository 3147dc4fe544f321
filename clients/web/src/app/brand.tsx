import { Link } from "react-router";
import { KeyIcon } from "../ui/icons";

/** The logo, which links to the start page. */
export function Brand({ to }: { readonly to: string }) {
  return (
    <Link to={to} className="inline-flex min-h-11 items-center gap-2 rounded-lg font-bold tracking-tight">
      <span className="flex size-8 items-center justify-center rounded-lg bg-accent text-on-accent">
        <KeyIcon className="size-5" />
      </span>
      <span translate="no">Latchkey</span>
    </Link>
  );
}
