import { createContext, use, useLayoutEffect } from "react";

/** What stands in a dialog knows of it. */
export interface DialogHandle {
  /** Whether something is under way in the dialog. It cannot be left meanwhile: it would go on out of sight. */
  readonly busy: boolean;
  /** Keeps the dialog open until the function that it returns is called. */
  readonly hold: () => () => void;
  /** Leaves the dialog, unless something is under way. */
  readonly close: () => void;
}

export const DialogContext = createContext<DialogHandle | undefined>(undefined);

/** Keeps the dialog around open while something is under way. Does nothing outside of a dialog. */
export function useHoldDialog(busy: boolean): void {
  const hold = use(DialogContext)?.hold;
  useLayoutEffect(() => (busy ? hold?.() : undefined), [busy, hold]);
}
