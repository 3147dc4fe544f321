/** How long to wait, in the greatest unit that fits, rounded up: `{ count: 2, unit: "minute" }`. */
export interface Wait {
  readonly count: number;
  readonly unit: "second" | "minute" | "hour";
}

/** Gives a number of milliseconds as people say it. */
export function waitOf(milliseconds: number): Wait {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 60) {
    return { count: seconds, unit: "second" };
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? { count: minutes, unit: "minute" } : { count: Math.ceil(minutes / 60), unit: "hour" };
}
