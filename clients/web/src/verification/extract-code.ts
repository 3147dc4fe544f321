/**
 * Returns the code in a typed or pasted text; undefined when there is none. The code may contain spaces or hyphens, be written in
 * full-width digits, or be part of the whole message.
 */
export function extractCode(text: string, length: number): string | undefined {
  const plain = text.normalize("NFKC");
  const digits = plain.replace(/\D/g, "");
  if (digits.length === length) {
    return digits;
  }
  return new RegExp(`(?<!\\d)\\d{${length}}(?!\\d)`).exec(plain)?.[0];
}
