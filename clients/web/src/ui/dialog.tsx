import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

interface DialogProps {
  readonly title: string;
  /** Is called when somebody leaves it, by Escape too. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A question that has to be answered first. It is open as long as it is on the page: the focus goes to what is marked with
 * `data-first`, stays within, and comes back afterwards. What lies below is inert, notices too: errors belong inside.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  // Before it leaves the page, so that the focus is back when anything else asks for it.
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before !== document.body) {
        before.focus();
      }
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      // Told a moment late, when it may be open again.
      onClose={() => !dialog.current?.open && onClose()}
      className="m-auto w-[min(28rem,calc(100vw-1.5rem))] animate-arrive rounded-3xl border border-line bg-card p-6 text-ink shadow-notice backdrop:bg-black/50"
    >
      <h2 id={id} className="text-xl font-bold text-balance">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
