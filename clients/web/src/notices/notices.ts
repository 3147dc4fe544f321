import { create } from "zustand";
import type { LocalizedText } from "../i18n/localized-text";
import { useLocale } from "../i18n/use-locale";

/** The kind of a notice; it decides its colors and how long it stays. */
export type NoticeKind = "success" | "info" | "error";

/** A short message at the top of the window. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly localized: LocalizedText;
  /** The text in the current language. */
  readonly text: string;
}

interface Notices {
  /** The newest notice. A new one replaces it, because users do not read a stack of notices. */
  readonly current: Notice | undefined;
  readonly show: (kind: NoticeKind, localized: LocalizedText) => void;
  readonly dismiss: () => void;
}

let lastId = 0;

/** Holds the notice that is shown. */
export const useNotices = create<Notices>((set) => ({
  current: undefined,
  show(kind, localized) {
    lastId++;
    const current: Notice = {
      id: lastId,
      kind,
      localized,
      get text() {
        return localized(useLocale.getState().locale);
      },
    };
    set({ current });
  },
  dismiss: () => set({ current: undefined }),
}));

/** Dismisses an error notice, for an action that has succeeded since. */
export function dismissError(): void {
  const { current, dismiss } = useNotices.getState();
  if (current?.kind === "error") {
    dismiss();
  }
}

/** Shows a notice. A localized text follows a change of language; a string, such as one from the server, does not. */
export function notify(kind: NoticeKind, text: LocalizedText | string): void {
  useNotices.getState().show(kind, typeof text === "string" ? () => text : text);
}
