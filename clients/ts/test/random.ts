/** Returns the same choices for the same seed, so that a failure can be reproduced. */
export function randomOf(seed: string) {
  let state = [...seed].reduce(
    (hash, character) => Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619),
    2166136261,
  );
  const next = (): number => {
    // mulberry32: small, and good enough to choose test values with.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (probability: number): boolean => next() < probability,
    pick: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T,
    list: <T>(longest: number, make: () => T): T[] => Array.from({ length: Math.floor(next() * (longest + 1)) }, make),
  };
}
