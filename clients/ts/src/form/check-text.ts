import type { ShapeRule } from "../gen/contract-rules.js";
import { shapes } from "../gen/form-rules.js";
import type { BrokenRule } from "./broken-rule.js";
import type { FieldRules } from "./message-rules.js";

// The shapes of texts that the server normalises (NFC) before it validates them: server/internal/rpc/normalize.go.
const normalized = new Set<ShapeRule>(["text.words", "text.line", "text.paragraphs", "password.control_character"]);

/**
 * Returns every rule that a text violates, in the server's order. A text that is too long violates only that rule, like on the
 * server: patterns must not run on an arbitrarily long text.
 */
export function checkText(rules: FieldRules, given: unknown, path: BrokenRule["path"]): BrokenRule[] {
  if (typeof given !== "string") {
    return [{ path, rule: "type" }];
  }
  const text = rules.shapes?.some((shape) => normalized.has(shape)) ? given.normalize("NFC") : given;
  const { minLen = 0, maxLen = Number.POSITIVE_INFINITY } = rules;
  const broken: BrokenRule[] = [];
  const length = codePoints(text);
  if (length < minLen) {
    broken.push(
      text === "" ? { path, rule: "string.min_len" } : { path, rule: "string.min_len", limits: { min: minLen } },
    );
  }
  if (length > maxLen) {
    return [{ path, rule: "string.max_len", limits: { max: maxLen } }];
  }
  if (rules.in && !rules.in.includes(text)) {
    broken.push({ path, rule: "string.in", limits: { choices: rules.in } });
  }
  if (rules.pattern && !rules.pattern.test(text)) {
    broken.push({ path, rule: "string.pattern" });
  }
  for (const shape of rules.shapes ?? []) {
    if (!shapes[shape].test(text)) {
      broken.push({ path, rule: shape });
    }
  }
  return broken;
}

/** Counts code points, like the server. `length` would count an emoji twice. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) {
    count++;
  }
  return count;
}
