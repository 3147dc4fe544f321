import { useEffect, useRef, useState } from "react";

/** A moment to go on typing in, before an error shows, in milliseconds. */
const moment = 400;

/**
 * Holds back an error that comes up while somebody is typing; one that shows already, goes with what is typed. The form does
 * not do it, since what it tells late it tells every field.
 */
export function usePatience(error: string | undefined): {
  readonly shown: string | undefined;
  readonly typed: () => void;
} {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  return {
    shown: held ? undefined : error,
    typed() {
      if (held || error === undefined) {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setHeld(false), moment);
        setHeld(true);
      }
    },
  };
}
