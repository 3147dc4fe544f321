import { useEffect, useEffectEvent } from "react";

/** Between tries, in milliseconds, doubled each time up to the longest. */
const firstWait = 2_000;
const longestWait = 30_000;

/** Retries at once, at growing intervals, and when the browser is online again, for as long as the component is on the page. */
export function useRetryByItself(retry: () => Promise<unknown>): void {
  const again = useEffectEvent(retry);

  useEffect(() => {
    let wait = firstWait;
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    async function run() {
      clearTimeout(timer);
      await again();
      if (!stopped) {
        clearTimeout(timer);
        timer = setTimeout(run, wait);
        wait = Math.min(wait * 2, longestWait);
      }
    }
    void run();
    window.addEventListener("online", run);
    return () => {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("online", run);
    };
  }, []);
}
