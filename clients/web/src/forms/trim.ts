// Whitespace, and the invisible marks that chats, documents and address books put around copied text. Characters that can
// belong to an emoji at the end are not among them.
const edge = "[\\s\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069]+";
const edges = new RegExp(`^${edge}|${edge}$`, "gu");

/** Removes whitespace and invisible marks at both ends of a text. */
export function trim(text: string): string {
  return text.replace(edges, "");
}
