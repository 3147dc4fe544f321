import { type ReactNode, useId } from "react";

/** A section of a long form, with a heading. */
export function FormSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-4 border-b border-line pb-2 text-sm font-semibold text-soft">
        {title}
      </h2>
      <div className="space-y-5">{children}</div>
    </section>
  );
}
