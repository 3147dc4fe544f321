import { useEffect, useEffectEvent } from "react";
import { isProven, type SentCode } from "./sent-code";

/** Calls a function when the proof that a code has left ends, for as long as the component is on the page. */
export function useProofEnd(code: SentCode | undefined, onEnd: () => void): void {
  const end = useEffectEvent(onEnd);
  const endsAt = isProven(code) ? code.proofEndsAt : undefined;
  useEffect(() => {
    if (endsAt === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => end(), Math.max(0, endsAt - Date.now()));
    return () => clearTimeout(timer);
  }, [endsAt]);
}
