import { useEffect, useState } from "react";

/** How long a user waits before the page says that it takes long, in milliseconds; a call may take 15 seconds. */
const slowAfter = 8_000;

/** Returns whether a user has waited long, and a function that begins the wait anew. */
export function useSlow(): readonly [slow: boolean, waitAgain: () => void] {
  const [wait, setWait] = useState(0);
  const [slowWait, setSlowWait] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setSlowWait(wait), slowAfter);
    return () => clearTimeout(timer);
  }, [wait]);
  return [slowWait === wait, () => setWait(wait + 1)];
}
