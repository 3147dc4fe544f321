/** For each input, a function that copies its value into the form. */
const readers = new WeakMap<Element, () => void>();

/** Registers the function that readAutofill calls for an input. */
export function onReadAutofill(input: Element, read: () => void): void {
  readers.set(input, read);
}

/**
 * Copies the values of the inputs inside an element into the form. Some browsers and password managers fill in inputs without an
 * event, so the form would report a filled field as empty.
 */
export function readAutofill(container: unknown): void {
  if (container instanceof Element) {
    for (const input of container.querySelectorAll("input")) {
      readers.get(input)?.();
    }
  }
}
