import type { KeyboardEvent } from "react";

/** Reports whether this is the Enter key of a user who has finished typing. With it, Korean and Japanese keyboards also end a syllable. */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.nativeEvent.isComposing;
}

/**
 * Lets Enter do what the key says on phones: where it says "next", it leads to the next field that is still empty. Once all are
 * filled in, it sends the form.
 */
export function goToNextField(event: KeyboardEvent<HTMLInputElement>): void {
  const input = event.currentTarget;
  if (!isEnter(event) || event.defaultPrevented || input.getAttribute("enterkeyhint") !== "next") {
    return;
  }
  const fields = [...(input.form?.querySelectorAll<HTMLInputElement>("input[enterkeyhint]") ?? [])];
  const next = fields.slice(fields.indexOf(input) + 1).find((field) => !field.readOnly && field.value === "");
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
