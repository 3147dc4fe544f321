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

/** Returns whether Caps Lock is on while the user types in an input, and the event handlers for the input. */
export function useCapsLock(): CapsLock {
  const [capsLock, setCapsLock] = useState(false);
  const update = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  return { capsLock, onKeyDown: update, onKeyUp: update, onBlur: () => setCapsLock(false) };
}

/** A warning below the input. The element is always rendered, because screen readers announce changes of existing live regions only. */
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
