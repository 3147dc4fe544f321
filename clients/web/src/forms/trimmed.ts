// Blanks, line ends, and the marks that chats, documents and address books put around what is copied from them. Not the
// characters that belong to an emoji at the end.
const edge = "[\\s\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069]+";
const edges = new RegExp(`^${edge}|${edge}$`, "gu");

/** Returns a text without the blanks and the invisible marks at its ends: whatever was typed there, none is meant. */
export function trimmed(text: string): string {
  return text.replace(edges, "");
}
