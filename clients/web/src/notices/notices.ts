import { create } from "zustand";

/** What a notice tells: that something was done, that something is so, or that something went wrong. */
export type NoticeKind = "success" | "info" | "problem";

/** One sentence for everybody to see, and what to do next where there is something. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly text: string;
}

interface Notices {
  /** The newest notice. There is never more than one: a wall of them is read by nobody. */
  readonly current: Notice | undefined;
  readonly show: (kind: NoticeKind, text: string) => void;
  readonly dismiss: () => void;
}

let shown = 0;

/** The one place that notices go to. */
export const useNotices = create<Notices>((set) => ({
  current: undefined,
  show(kind, text) {
    shown++;
    set({ current: { id: shown, kind, text } });
  },
  dismiss: () => set({ current: undefined }),
}));

/** Takes away what went wrong, once it has gone right. */
export function settle(): void {
  const { current, dismiss } = useNotices.getState();
  if (current?.kind === "problem") {
    dismiss();
  }
}

/** Shows a notice from anywhere. */
export const notify = (kind: NoticeKind, text: string): void => useNotices.getState().show(kind, text);
