import { LatchkeyError } from "./latchkey-error.js";

const passing: ReadonlySet<string> = new Set(["NETWORK_FAILED", "DEPENDENCY_DOWN", "TIMED_OUT", "BUSY"]);

/** Tells whether the same call may well succeed in a moment. A refusal stays a refusal, however often one asks. */
export function isPassing(caught: unknown): boolean {
  return passing.has(LatchkeyError.from(caught).reason);
}
