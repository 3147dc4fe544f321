import { useEffect, useEffectEvent } from "react";
import { isProven, type SentCode } from "./sent-code";

/** Calls a function when the proof of a code expires while the component is mounted. */
export function useProofExpiry(code: SentCode | undefined, onExpire: () => void): void {
  const expire = useEffectEvent(onExpire);
  const endsAt = isProven(code) ? code.proofEndsAt : undefined;
  useEffect(() => {
    if (endsAt === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => expire(), Math.max(0, endsAt - Date.now()));
    return () => clearTimeout(timer);
  }, [endsAt]);
}
