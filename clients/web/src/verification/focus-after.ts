/** Moves the focus that has gone with its element to what comes next in the form. */
export function focusAfter(place: Element | null): void {
  if (!place || (document.activeElement && document.activeElement !== document.body)) {
    return;
  }
  const stops = place.closest("form")?.querySelectorAll<HTMLElement>("input:not([readonly]), button[type=submit]");
  const next = [...(stops ?? [])].find(
    (stop) => !place.contains(stop) && place.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  next?.focus();
}
