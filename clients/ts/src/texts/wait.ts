/** A wait, rounded up, in the largest unit that fits: `{ count: 2, unit: "minute" }`. */
export interface Wait {
  readonly count: number;
  readonly unit: "second" | "minute" | "hour";
}

/** Converts milliseconds to a wait. */
export function toWait(milliseconds: number): Wait {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 60) {
    return { count: seconds, unit: "second" };
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? { count: minutes, unit: "minute" } : { count: Math.ceil(minutes / 60), unit: "hour" };
}
