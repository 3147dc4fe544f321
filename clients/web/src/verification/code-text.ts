/**
 * Returns the code in a text that was typed or pasted: alone, with blanks or hyphens within, in wide digits, or in its
 * message. Undefined when there is none.
 */
export function codeIn(text: string, length: number): string | undefined {
  const plain = text.normalize("NFKC");
  const digits = plain.replace(/\D/g, "");
  if (digits.length === length) {
    return digits;
  }
  return new RegExp(`(?<!\\d)\\d{${length}}(?!\\d)`).exec(plain)?.[0];
}
