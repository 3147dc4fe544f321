import { useEffect, useState } from "react";

/** How long a text must stay the same before it is announced, in milliseconds. Screen readers read typed characters first. */
const delay = 1_000;

/** Returns the last text that has stayed the same for the delay. */
export function useDebounced(text: string): string {
  const [debounced, setDebounced] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(text), delay);
    return () => clearTimeout(timer);
  }, [text]);
  return debounced;
}
