import { useEffect, useRef, useState } from "react";

/** How long after the last key an error appears, in milliseconds. */
const delay = 400;

/**
 * Delays an error that appears while the user types. A visible error disappears as soon as the value is valid. The option
 * `delayError` of react-hook-form is not used, because it renders every field.
 */
export function useDelayedError(error: string | undefined): {
  readonly visibleError: string | undefined;
  readonly onTyping: () => void;
} {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  return {
    visibleError: held ? undefined : error,
    onTyping() {
      if (held || error === undefined) {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setHeld(false), delay);
        setHeld(true);
      }
    },
  };
}
