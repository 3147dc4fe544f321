import { useCallback, useEffect, useRef, useState } from "react";
import { useLocalize } from "../i18n/localized-text";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { CheckIcon, CloseIcon, InfoIcon, WarningIcon } from "../ui/icons";
import { type Notice, type NoticeKind, useNotices } from "./notices";

const translations = defineTranslations({
  en: { close: "Close", success: "Done", info: "Note", error: "Error" },
  ko: { close: "닫기", success: "완료", info: "안내", error: "오류" },
});

/** How long a notice stays, in milliseconds. Errors stay longest, because the user has to act on them. */
const duration: Record<NoticeKind, number> = {
  success: 5_000,
  info: 7_000,
  error: 12_000,
};

const looks: Record<NoticeKind, { icon: typeof CheckIcon; colours: string }> = {
  success: { icon: CheckIcon, colours: "bg-good text-ground" },
  info: { icon: InfoIcon, colours: "bg-accent text-on-accent" },
  error: { icon: WarningIcon, colours: "bg-bad text-ground" },
};

interface NoticeCardProps {
  readonly notice: Notice;
  readonly inDialog: boolean;
}

/** A notice. It closes itself after its duration. */
export function NoticeCard({ notice, inDialog }: NoticeCardProps) {
  const t = useTranslations(translations);
  const localize = useLocalize();
  const dismiss = useNotices((notices) => notices.dismiss);
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  // The element that had the focus before the notice.
  const previousFocus = useRef<Element | null>(null);

  useEffect(() => {
    // The timer stops while the pointer or the focus is on the notice (WCAG 2.2, 2.2.1).
    if (hovered || focused) {
      return undefined;
    }
    const timer = setTimeout(dismiss, duration[notice.kind]);
    return () => clearTimeout(timer);
  }, [hovered, focused, dismiss, notice.kind]);

  const close = useCallback(() => {
    // Without this the focus would go to the top of the page.
    if (previousFocus.current instanceof HTMLElement) {
      previousFocus.current.focus();
    }
    dismiss();
  }, [dismiss]);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key !== "Escape") {
        return;
      }
      if (inDialog) {
        // Escape closes the notice only. By default it would close the dialog too.
        event.preventDefault();
      }
      close();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [close, inDialog]);

  const { icon: Icon, colours } = looks[notice.kind];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers only stop the timer.
    <div
      data-notice={notice.kind}
      className={`pointer-events-auto flex animate-notice items-start gap-3 rounded-2xl p-4 shadow-notice ${colours}`}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={({ relatedTarget }) => {
        previousFocus.current = relatedTarget;
        setFocused(true);
      }}
      onBlur={() => {
        previousFocus.current = null;
        setFocused(false);
      }}
    >
      <Icon className="mt-0.5 size-5 shrink-0" />
      <p className="flex-1 font-medium">
        <span className="sr-only">{`${t[notice.kind]}: `}</span>
        <span>{localize(notice.localized)}</span>
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
