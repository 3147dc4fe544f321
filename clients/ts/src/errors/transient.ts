import { LatchkeyError } from "./latchkey-error.js";

const transientReasons: ReadonlySet<string> = new Set(["NETWORK_FAILED", "DEPENDENCY_DOWN", "TIMED_OUT", "BUSY"]);

/** Reports whether the same call may succeed when it is retried. Other errors would be the same again. */
export function isTransient(caught: unknown): boolean {
  return transientReasons.has(LatchkeyError.from(caught).reason);
}
