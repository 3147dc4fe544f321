import { useCallback, useEffect, useRef, useState } from "react";
import { useSpeak } from "../i18n/spoken";
import { defineWords, useWords } from "../i18n/words";
import { CheckIcon, CloseIcon, InfoIcon, WarningIcon } from "../ui/icons";
import { type Notice, type NoticeKind, useNotices } from "./notices";

const words = defineWords({
  en: { close: "Close", success: "Done", info: "Note", problem: "Problem" },
  ko: { close: "닫기", success: "완료", info: "안내", problem: "오류" },
});

/** How long a notice stays, in milliseconds; longer for what has to be acted on. */
const stays: Record<NoticeKind, number> = {
  success: 5_000,
  info: 7_000,
  problem: 12_000,
};

const looks: Record<NoticeKind, { icon: typeof CheckIcon; colours: string }> = {
  success: { icon: CheckIcon, colours: "bg-good text-ground" },
  info: { icon: InfoIcon, colours: "bg-accent text-on-accent" },
  problem: { icon: WarningIcon, colours: "bg-bad text-ground" },
};

interface NoticeCardProps {
  readonly notice: Notice;
  readonly inDialog: boolean;
}

/** One notice, until its time is up or it is closed. */
export function NoticeCard({ notice, inDialog }: NoticeCardProps) {
  const t = useWords(words);
  const speak = useSpeak();
  const dismiss = useNotices((notices) => notices.dismiss);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  // Where the focus was before it came here.
  const before = useRef<Element | null>(null);

  useEffect(() => {
    // Whoever reads it, with the pointer or the focus on it, is not hurried (WCAG 2.2, 2.2.1).
    if (pointed || focused) {
      return undefined;
    }
    const timer = setTimeout(dismiss, stays[notice.kind]);
    return () => clearTimeout(timer);
  }, [pointed, focused, dismiss, notice.kind]);

  const close = useCallback(() => {
    // The focus goes back to where it came from, not to the top of the page.
    if (before.current instanceof HTMLElement) {
      before.current.focus();
    }
    dismiss();
  }, [dismiss]);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key !== "Escape") {
        return;
      }
      if (inDialog) {
        // The notice first: Escape would close the dialog below it as well.
        event.preventDefault();
      }
      close();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [close, inDialog]);

  const { icon: Icon, colours } = looks[notice.kind];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only stops the clock.
    <div
      data-notice={notice.kind}
      className={`pointer-events-auto flex animate-notice items-start gap-3 rounded-2xl p-4 shadow-notice ${colours}`}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={({ relatedTarget }) => {
        before.current = relatedTarget;
        setFocused(true);
      }}
      onBlur={() => {
        before.current = null;
        setFocused(false);
      }}
    >
      <Icon className="mt-0.5 size-5 shrink-0" />
      <p className="flex-1 font-medium">
        <span className="sr-only">{`${t[notice.kind]}: `}</span>
        <span>{speak(notice.sentence)}</span>
      </p>
      <button
        type="button"
        onClick={close}
        aria-label={t.close}
        className="-m-3 flex size-11 shrink-0 items-center justify-center rounded-xl outline-current"
      >
        <CloseIcon className="size-5" />
      </button>
    </div>
  );
}
