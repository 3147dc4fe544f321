import { type ReactNode, useState } from "react";
import { defineWords, useWords } from "../i18n/words";
import { Button } from "./button";
import { Dialog } from "./dialog";

const words = defineWords({ en: { cancel: "Cancel" }, ko: { cancel: "취소" } });

interface ConfirmDialogProps {
  /** The question, which names what it is about. */
  readonly title: string;
  /** What follows from a yes. */
  readonly children: ReactNode;
  /** The words of the button that does it. */
  readonly confirm: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be taken back. The focus is on the way out. */
export function ConfirmDialog({ title, children, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  const say = useWords(words);
  const [busy, setBusy] = useState(false);

  async function run() {
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <div className="mt-3 text-soft">{children}</div>
      <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Button look="secondary" data-first onClick={onClose}>
          {say.cancel}
        </Button>
        <Button look="danger" busy={busy} onClick={() => void run()}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
