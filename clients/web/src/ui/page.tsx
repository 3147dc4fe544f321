import { type ReactNode, useEffect, useRef } from "react";

interface PageProps {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: string | undefined;
  readonly children?: ReactNode;
}

/** One page: its title stands in the tab and at the top, and takes the focus, so that screen readers read the page from there. */
export function Page({ title, lead, children }: PageProps) {
  const page = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = `${title} · Latchkey`;
  }, [title]);

  useEffect(() => {
    // A field of this page that asks for the focus by itself, keeps it; the link that has led here does not.
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
