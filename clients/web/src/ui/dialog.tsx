import { type ReactNode, useCallback, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { NoticeBoard } from "../notices/notice-board";
import { DialogContext, type DialogHandle } from "./dialog-context";

interface DialogProps {
  readonly title: string;
  /** Is called when somebody leaves it, by Escape too. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A question that has to be answered first. It is open as long as it is on the page: the focus goes to what is marked with
 * `data-first`, stays within, and comes back afterwards. What lies below is inert, so notices are shown inside meanwhile. While a
 * button in it is busy, it cannot be left.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const handle = useDialogHandle(onClose);

  // Before it leaves the page, so that the focus is back when anything else asks for it.
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    open(element);
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before !== document.body) {
        before.focus();
      }
    };
  }, []);

  /** Browsers tell of it a moment late, when it may be open again; and some close it whatever the page says. */
  function closed() {
    if (dialog.current?.open) {
      return;
    }
    if (handle.busy) {
      open(dialog.current);
    } else {
      onClose();
    }
  }

  return (
    <DialogContext value={handle}>
      <dialog
        ref={dialog}
        aria-labelledby={id}
        onCancel={(event) => handle.busy && event.preventDefault()}
        onClose={closed}
        className="m-auto w-[min(28rem,calc(100vw-1.5rem))] animate-arrive rounded-3xl border border-line bg-card p-6 text-ink shadow-notice backdrop:bg-black/50"
      >
        <h2 id={id} className="text-xl font-bold text-balance">
          {title}
        </h2>
        <div>{children}</div>
        <NoticeBoard inDialog />
      </dialog>
    </DialogContext>
  );
}

function useDialogHandle(onClose: () => void): DialogHandle {
  const [holds, setHolds] = useState(0);
  const busy = holds > 0;
  const hold = useCallback(() => {
    setHolds((count) => count + 1);
    return () => setHolds((count) => count - 1);
  }, []);
  return useMemo(() => ({ busy, hold, close: () => busy || onClose() }), [busy, hold, onClose]);
}

/** Opens a dialog, and its notices above it: what was shown last lies on top. */
function open(dialog: HTMLDialogElement | null): void {
  dialog?.showModal();
  const notices = dialog?.querySelector<HTMLElement>("[popover]");
  notices?.hidePopover?.();
  notices?.showPopover?.();
}
