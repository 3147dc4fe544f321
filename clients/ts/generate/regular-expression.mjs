// Translates a regular expression from RE2's syntax, which protovalidate uses, into JavaScript's.

// The syntax that both share under the flag u, apart from \x{…}: anchors, groups, repetitions, character classes, and these
// escapes. Not \d, \w, \s and \b, which are ASCII in RE2; not the dot, which excludes other line ends; not (?…).
const supported = /^(?:[^\\.?]|\\x[0-9a-f]{2}|\\u\{[0-9A-F]+\}|\\p\{[A-Z][a-z]?\}|\\[nt]|\[[^\]]*\])*$/u;

/** Returns a RegExp that matches the same texts. Throws for unsupported syntax. */
export function toJavaScript(pattern) {
  const source = pattern.replace(/\\x\{([0-9A-F]+)\}/g, (_, hex) => `\\u{${hex}}`);
  if (!supported.test(source)) {
    throw new Error(`the pattern ${pattern} is not supported: it may differ in JavaScript`);
  }
  return new RegExp(source, "u");
}
