import type { ReactNode } from "react";

/** A sheet that holds what belongs together. */
export function Card({ children, className = "" }: { readonly children: ReactNode; readonly className?: string }) {
  return <section className={`rounded-2xl border border-line bg-card p-5 sm:p-6 ${className}`}>{children}</section>;
}
