// Translates a regular expression from RE2's syntax, which protovalidate uses, into JavaScript's.

// What both write alike under the flag u, apart from \x{…}: anchors, groups, repetitions, classes of characters, and these
// escapes. \d, \w, \s and \b mean ASCII there and more here; . leaves out other line ends; (?…) is spelled differently.
const understood = /^(?:[^\\.?]|\\x[0-9a-f]{2}|\\u\{[0-9A-F]+\}|\\p\{[A-Z][a-z]?\}|\\[nt]|\[[^\]]*\])*$/u;

/** Gives a RegExp that matches the same texts. Throws when it is not sure to. */
export function toJavaScript(pattern) {
  const source = pattern.replace(/\\x\{([0-9A-F]+)\}/g, (_, hex) => `\\u{${hex}}`);
  if (!understood.test(source)) {
    throw new Error(`the pattern ${pattern} may mean something else in JavaScript`);
  }
  return new RegExp(source, "u");
}
