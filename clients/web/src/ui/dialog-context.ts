import { createContext, use, useLayoutEffect } from "react";

/** What a dialog provides to the components in it. */
export interface DialogHandle {
  /** Whether an action is running. The dialog then cannot be closed, because the action would continue out of sight. */
  readonly busy: boolean;
  /** Keeps the dialog open until the returned function is called. */
  readonly keepOpen: () => () => void;
  /** Closes the dialog, unless an action is running. */
  readonly close: () => void;
}

export const DialogContext = createContext<DialogHandle | undefined>(undefined);

/** Keeps the surrounding dialog open while an action is running. Does nothing outside of a dialog. */
export function useKeepDialogOpen(busy: boolean): void {
  const hold = use(DialogContext)?.keepOpen;
  useLayoutEffect(() => (busy ? hold?.() : undefined), [busy, hold]);
}
