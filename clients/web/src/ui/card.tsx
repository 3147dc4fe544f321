import type { ReactNode } from "react";

interface CardProps {
  readonly children: ReactNode;
  readonly className?: string;
  /** The id of its heading, by which screen readers list it. */
  readonly labelledBy?: string;
}

/** A sheet that holds what belongs together. */
export function Card({ children, className = "", labelledBy }: CardProps) {
  return (
    <section aria-labelledby={labelledBy} className={`rounded-2xl border border-line bg-card p-5 sm:p-6 ${className}`}>
      {children}
    </section>
  );
}
