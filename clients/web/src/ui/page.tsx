import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

/** One page: its title stands in the tab and at the top, and takes the focus, so that screen readers read the page from there. */
export function Page({ title, lead, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Latchkey`;
  }, [title]);

  useEffect(() => {
    // A field that asks for the focus by itself, keeps it.
    if (document.activeElement === null || document.activeElement === document.body) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);

  return (
    <div className="animate-arrive">
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold tracking-tight text-balance">
        {title}
      </h1>
      {lead && <p className="mt-2 text-soft">{lead}</p>}
      <div className="mt-6">{children}</div>
    </div>
  );
}
