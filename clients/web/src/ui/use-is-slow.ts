import { useEffect, useState } from "react";

/** The wait after which the page says that loading takes long, in milliseconds. A call may take 15 seconds. */
const slowAfter = 8_000;

/** Returns whether the wait is long, and a function that restarts the wait. */
export function useIsSlow(): readonly [isSlow: boolean, restart: () => void] {
  const [wait, setWait] = useState(0);
  const [slowWait, setSlowWait] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setSlowWait(wait), slowAfter);
    return () => clearTimeout(timer);
  }, [wait]);
  return [slowWait === wait, () => setWait(wait + 1)];
}
