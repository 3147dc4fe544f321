import { useEffect, useEffectEvent } from "react";

/** The wait between retries, in milliseconds. It doubles up to the maximum. */
const firstWait = 2_000;
const longestWait = 30_000;

/** Retries while the component is mounted: at once, with exponential backoff, and when the browser is online again. */
export function useAutoRetry(retry: () => Promise<unknown>): void {
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
