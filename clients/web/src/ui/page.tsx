import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: string | undefined;
  readonly children?: ReactNode;
}

/** The frame of a page. It sets the title of the tab, and focuses the heading so that screen readers start there. */
export function Page({ title, lead, children }: PageProps) {
  const page = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Latchkey`;
  }, [title]);

  useEffect(() => {
    // A field of this page may have taken the focus already; it keeps it.
    if (!page.current?.contains(document.activeElement)) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);

  return (
    <div ref={page} className="animate-arrive">
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold tracking-tight text-balance">
        {title}
      </h1>
      {lead && <p className="mt-2 text-soft">{lead}</p>}
      <div className="mt-6">{children}</div>
    </div>
  );
}
