import { shapeTexts } from "../gen/shape-texts.js";
import type { RuleTexts } from "./rule-texts.js";

const needed = "This is needed.";

/** The words for every rule that a form checks, in English. */
export const rulesInEnglish: RuleTexts = {
  ...shapeTexts,
  required: needed,
  type: "This has another kind of value than it should.",
  "string.min_len": ({ min }) => (min === undefined ? needed : `Use at least ${min} characters.`),
  "string.max_len": ({ max }) => (max === undefined ? "This is too long." : `Use at most ${max} characters.`),
  "string.in": "Choose one of the values on offer.",
  "string.pattern": "This does not look as it should.",
  "int32.gte_lte": ({ min, max }) =>
    max === undefined ? "This number is too small or too large." : `Use a number from ${min} to ${max}.`,
  "enum.defined_only": "Choose one of the values on offer.",
  "enum.not_in": "Choose one of the values on offer.",
  "repeated.max_items": ({ max }) => (max === undefined ? "These are too many." : `Use at most ${max}.`),
  "repeated.unique": "Use each only once.",
  "map.max_pairs": ({ max }) => (max === undefined ? "These are too many." : `Use at most ${max}.`),
  "contact.off": "Leave this out: it is not used here.",
  "role.unknown": "Choose one of the roles on offer.",
  "password.min_length": ({ min }) => (min === undefined ? "Use more characters." : `Use at least ${min} characters.`),
  "password.max_length": ({ max }) => (max === undefined ? "Use fewer characters." : `Use at most ${max} characters.`),
  "password.max_bytes": "Use fewer characters, emoji or accents.",
  "password.letter": "Add a letter.",
  "password.upper": "Add an upper-case letter.",
  "password.digit": "Add a digit.",
  "password.special": "Add a special character, such as ! or #.",
  "password.control_character": "Remove tabs, line breaks and other control characters.",
};
