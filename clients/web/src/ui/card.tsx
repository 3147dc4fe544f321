import type { ReactNode } from "react";

interface CardProps {
  readonly children: ReactNode;
  readonly className?: string;
  /** The id of the heading that names the card for screen readers. */
  readonly labelledBy?: string;
}

/** A bordered section of a page. */
export function Card({ children, className = "", labelledBy }: CardProps) {
  return (
    <section aria-labelledby={labelledBy} className={`rounded-2xl border border-line bg-card p-5 sm:p-6 ${className}`}>
      {children}
    </section>
  );
}
