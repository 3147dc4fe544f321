import { useEffect, useState } from "react";

const minute = 60_000;

/** Gives the time, anew each minute, for pages that say how long ago something was. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), minute);
    return () => clearInterval(timer);
  }, []);
  return now;
}
