/**
 * The ids of the rules that only the server can check, as in `FieldViolation.rule`. For an unknown id, from a newer server,
 * `violationText` returns the server's English message.
 */
export type ServerRule =
  | EmailRule
  | PhoneRule
  | "password.common"
  | "password.exists"
  | "password.missing"
  | "password.contains_identifier"
  | "contact.unproven"
  | "email.taken"
  | "phone.taken"
  | "nickname.taken"
  | "user.own"
  | "push.too_big"
  | "push.reserved_key";

type EmailRule =
  | "email.empty"
  | "email.too_long"
  | "email.encoding"
  | "email.control"
  | "email.lookalike_at"
  | "email.display_name"
  | "email.list"
  | "email.quoted"
  | "email.comment"
  | "email.blank"
  | "email.missing_at"
  | "email.two_ats"
  | "email.local_missing"
  | "email.local_too_long"
  | "email.local_dots"
  | "email.local_non_ascii"
  | "email.local_symbol"
  | "email.route"
  | "email.domain_missing"
  | "email.domain"
  | "email.domain_short"
  | "email.domain_ip"
  | "email.domain_ending";

type PhoneRule =
  | "phone.empty"
  | "phone.too_long"
  | "phone.too_short"
  | "phone.encoding"
  | "phone.control"
  | "phone.uri"
  | "phone.extension"
  | "phone.letters"
  | "phone.list"
  | "phone.symbol"
  | "phone.leading_zero"
  | "phone.country_code"
  | "phone.invalid"
  | "phone.not_mobile"
  | "phone.country";
