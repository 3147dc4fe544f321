/** Focuses the next field of the form after an element was removed that had the focus. */
export function focusNextField(container: Element | null): void {
  if (!container || (document.activeElement && document.activeElement !== document.body)) {
    return;
  }
  const fields = container.closest("form")?.querySelectorAll<HTMLElement>("input:not([readonly]), button[type=submit]");
  const next = [...(fields ?? [])].find(
    (field) =>
      !container.contains(field) && container.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  next?.focus();
}
