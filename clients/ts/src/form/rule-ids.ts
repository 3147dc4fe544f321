import type { ContractRule } from "../gen/contract-rules.js";

/** The ids of the rules of a password policy that a form can check. Only the server knows which passwords are common. */
export type PasswordRule =
  | "password.min_length"
  | "password.max_length"
  | "password.max_bytes"
  | "password.letter"
  | "password.upper"
  | "password.digit"
  | "password.special"
  | "password.control_character";

/** The ids of the rules that depend on the settings of the server. */
export type SettingsRule = PasswordRule | "required" | "contact.off" | "role.unknown";

/** The ids of all rules that a form checks. The server has further rules, for what only the server can know. */
export type FormRule = ContractRule | SettingsRule | "type";
