/** For each input, what takes over a value that came without an event. */
const takers = new WeakMap<Element, () => void>();

/** Lets takeFilled call a function for an input. */
export function onFilled(input: Element, take: () => void): void {
  takers.set(input, take);
}

/**
 * Takes over what stands in the inputs below an element. Some browsers and password managers fill inputs in without an event,
 * so the form would call a full field empty.
 */
export function takeFilled(place: unknown): void {
  if (place instanceof Element) {
    for (const input of place.querySelectorAll("input")) {
      takers.get(input)?.();
    }
  }
}
