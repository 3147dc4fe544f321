import { useEffect, useState } from "react";

/** How long a text has to stay the same before it is read out, in milliseconds: screen readers read what is typed first. */
const pause = 1_000;

/** Returns a text once it has not changed for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
