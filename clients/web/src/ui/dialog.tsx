import { type ReactNode, useCallback, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { NoticeRegion } from "../notices/notice-region";
import { DialogContext, type DialogHandle } from "./dialog-context";

interface DialogProps {
  readonly title: string;
  /** Called when the user closes the dialog, by Escape too. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog. It is open while it is mounted. The focus goes to the element with `data-autofocus`, stays inside, and is
 * restored on close. The page below is inert, so notices are shown inside the dialog. While one of its buttons is busy, the
 * dialog cannot be closed.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const handle = useDialogHandle(onClose);

  // A layout effect: the focus must be restored before another effect moves it.
  useLayoutEffect(() => {
    const element = dialog.current;
    const previousFocus = document.activeElement;
    open(element);
    element?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      element?.close();
      if (previousFocus instanceof HTMLElement && previousFocus !== document.body) {
        previousFocus.focus();
      }
    };
  }, []);

  /** The close event comes late, when the dialog may be open again. Some browsers also close a dialog after preventDefault. */
  function onDialogClose() {
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
        onClose={onDialogClose}
        className="m-auto w-[min(28rem,calc(100vw-1.5rem))] animate-arrive rounded-3xl border border-line bg-card p-6 text-ink shadow-notice backdrop:bg-black/50"
      >
        <h2 id={id} className="text-xl font-bold text-balance">
          {title}
        </h2>
        <div>{children}</div>
        <NoticeRegion inDialog />
      </dialog>
    </DialogContext>
  );
}

function useDialogHandle(onClose: () => void): DialogHandle {
  const [holds, setHolds] = useState(0);
  const busy = holds > 0;
  const keepOpen = useCallback(() => {
    setHolds((count) => count + 1);
    return () => setHolds((count) => count - 1);
  }, []);
  return useMemo(() => ({ busy, keepOpen, close: () => busy || onClose() }), [busy, keepOpen, onClose]);
}

/** Opens a dialog and then its notices: the top layer is ordered by time, so the notices lie above the dialog. */
function open(dialog: HTMLDialogElement | null): void {
  dialog?.showModal();
  const notices = dialog?.querySelector<HTMLElement>("[popover]");
  notices?.hidePopover?.();
  notices?.showPopover?.();
}
