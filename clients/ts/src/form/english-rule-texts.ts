import { shapeTexts } from "../gen/shape-texts.js";
import type { RuleTexts } from "./rule-texts.js";

const required = "This field is required.";

/** The English texts for all rules that a form checks. */
export const englishRuleTexts: RuleTexts = {
  ...shapeTexts,
  required: required,
  type: "This has the wrong type.",
  "string.min_len": ({ min }) => (min === undefined ? required : `Use at least ${min} characters.`),
  "string.max_len": ({ max }) => (max === undefined ? "This is too long." : `Use at most ${max} characters.`),
  "string.in": "Choose one of the options.",
  "string.pattern": "This has the wrong format.",
  "int32.gte_lte": ({ min, max }) =>
    max === undefined ? "This number is too small or too large." : `Use a number from ${min} to ${max}.`,
  "enum.defined_only": "Choose one of the options.",
  "enum.not_in": "Choose one of the options.",
  "repeated.max_items": ({ max }) => (max === undefined ? "These are too many." : `Use at most ${max}.`),
  "repeated.unique": "Use each value only once.",
  "map.max_pairs": ({ max }) => (max === undefined ? "These are too many." : `Use at most ${max}.`),
  "contact.off": "Leave this field empty.",
  "role.unknown": "Choose a role.",
  "password.min_length": ({ min }) => (min === undefined ? "Use more characters." : `Use at least ${min} characters.`),
  "password.max_length": ({ max }) => (max === undefined ? "Use fewer characters." : `Use at most ${max} characters.`),
  "password.max_bytes": "Use fewer characters, emoji or accents.",
  "password.letter": "Add a letter.",
  "password.upper": "Add an upper-case letter.",
  "password.digit": "Add a digit.",
  "password.special": "Add a special character, such as ! or #.",
  "password.control_character": "Remove tabs, line breaks and other control characters.",
};
