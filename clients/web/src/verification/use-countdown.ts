import { useEffect, useState } from "react";

/** Gives the whole seconds until a moment of `Date.now()`, each second anew; 0 from then on, and without a moment. */
export function useCountdown(until: number | undefined): number {
  const [, tick] = useState(0);
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const running = left > 0;

  useEffect(() => {
    if (!running) {
      return undefined;
    }
    // Four times a second, so that no second is skipped; the same number draws nothing.
    const timer = setInterval(() => tick((count) => count + 1), 250);
    return () => clearInterval(timer);
  }, [running]);

  return left;
}

/** Writes seconds as a clock does: `9:05`. */
export function asClock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
