import { type FocusEventHandler, type KeyboardEvent, type KeyboardEventHandler, useState } from "react";
import { defineTranslations, useTranslations } from "../i18n/translations";
import { WarningIcon } from "../ui/icons";

const translations = defineTranslations({ en: { on: "Caps Lock is on." }, ko: { on: "Caps Lock이 켜져 있어요." } });

interface CapsLock {
  readonly capsLock: boolean;
  readonly onKeyDown: KeyboardEventHandler;
  readonly onKeyUp: KeyboardEventHandler;
  readonly onBlur: FocusEventHandler;
}

/** Returns whether Caps Lock is on while the user types in an input, and what the input has to call. */
export function useCapsLock(): CapsLock {
  const [capsLock, setCapsLock] = useState(false);
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  return { capsLock, onKeyDown: look, onKeyUp: look, onBlur: () => setCapsLock(false) };
}

/** Says so below the input. It is always there, so that what comes into it is read out. */
export function CapsLockHint({ on }: { readonly on: boolean }) {
  const t = useTranslations(translations);
  return (
    <p role="status" className="text-sm font-medium text-brass">
      {on && (
        <span className="mt-1.5 flex items-center gap-1">
          <WarningIcon className="size-4" />
          <span>{t.on}</span>
        </span>
      )}
    </p>
  );
}
