import type { KeyboardEvent } from "react";

/** Reports whether Enter was pressed outside of a composition. Korean and Japanese input methods use Enter to end a syllable. */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.nativeEvent.isComposing;
}

/**
 * Moves the focus to the next empty field where `enterkeyhint` is "next", as the key says on phones. When all fields are filled
 * in, Enter submits the form.
 */
export function focusNextEmptyField(event: KeyboardEvent<HTMLInputElement>): void {
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
