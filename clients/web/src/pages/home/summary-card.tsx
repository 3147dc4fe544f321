import type { ReactNode } from "react";
import { Link } from "react-router";
import { ChevronIcon } from "../../ui/account-icons";
import { Card } from "../../ui/card";

interface SummaryCardProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
  /** The link to the page with the details. */
  readonly to?: string;
  readonly more?: string;
}

/** A card that summarises one topic and links to its page. */
export function SummaryCard({ icon, title, wide = false, children, to, more }: SummaryCardProps) {
  return (
    <Card className={`flex flex-col ${wide ? "sm:col-span-2" : ""}`}>
      <div className="flex items-center gap-3">
        <span className="flex size-10 shrink-0 items-center justify-center rounded-xl bg-tint text-accent">{icon}</span>
        <h2 className="font-semibold">{title}</h2>
      </div>
      <div className="mt-3 flex-1">{children}</div>
      {to && (
        <Link
          to={to}
          className="mt-2 -mb-2 inline-flex min-h-11 items-center gap-1 self-start text-accent underline underline-offset-4"
        >
          <span>{more}</span>
          <ChevronIcon className="size-4" />
        </Link>
      )}
    </Card>
  );
}
