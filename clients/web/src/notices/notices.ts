import { create } from "zustand";
import type { Spoken } from "../i18n/spoken";
import { useLocale } from "../i18n/use-locale";

/** What a notice tells: that something was done, that something is so, or that something went wrong. */
export type NoticeKind = "success" | "info" | "problem";

/** One sentence for everybody to see, and what to do next where there is something. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly sentence: Spoken;
  /** The sentence in the present language. */
  readonly text: string;
}

interface Notices {
  /** The newest notice. There is never more than one: a wall of them is read by nobody. */
  readonly current: Notice | undefined;
  readonly show: (kind: NoticeKind, sentence: Spoken) => void;
  readonly dismiss: () => void;
}

let shown = 0;

/** The one place that notices go to. */
export const useNotices = create<Notices>((set) => ({
  current: undefined,
  show(kind, sentence) {
    shown++;
    const current: Notice = {
      id: shown,
      kind,
      sentence,
      get text() {
        return sentence(useLocale.getState().locale);
      },
    };
    set({ current });
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

/** Shows a notice from anywhere. A sentence follows the language; a text, such as one of the server's, does not. */
export function notify(kind: NoticeKind, text: Spoken | string): void {
  useNotices.getState().show(kind, typeof text === "string" ? () => text : text);
}
