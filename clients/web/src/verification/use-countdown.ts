import { useEffect, useState } from "react";

/** Returns the seconds until a time in milliseconds, updated every second. Returns 0 afterwards, and without a time. */
export function useCountdown(until: number | undefined): number {
  const [, tick] = useState(0);
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const running = left > 0;

  useEffect(() => {
    if (!running) {
      return undefined;
    }
    // Four times a second, so that no second is skipped.
    const timer = setInterval(() => tick((count) => count + 1), 250);
    return () => clearInterval(timer);
  }, [running]);

  return left;
}

/** Formats seconds as minutes and seconds: `9:05`. */
export function formatClock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
