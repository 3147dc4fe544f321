import { englishRuleTexts } from "../form/english-rule-texts.js";
import type { Texts } from "./texts.js";
import { toWait } from "./wait.js";

/** The English texts. */
export const en: Texts = {
  reasons: {
    INVALID_FIELDS: "Please check the marked fields.",
    PASSWORD_POLICY: "Please choose another password.",
    EMAIL_TAKEN: "This e-mail address is already in use. Sign in, or use another one.",
    PHONE_TAKEN: "This phone number is already in use. Sign in, or use another one.",
    NICKNAME_TAKEN: "This nickname is taken. Please choose another one.",
    CODE_MISMATCH: ({ attemptsLeft }) =>
      attemptsLeft === undefined
        ? "The code is wrong. Please check it and try again."
        : `The code is wrong. ${plural(attemptsLeft, "attempt", "attempts")} left.`,
    CODE_EXPIRED: "The code has expired. Please request a new one.",
    CODE_SPENT: "This code is no longer valid. Please use the newest one, or request another.",
    VERIFICATION_REQUIRED: "Please request a code and enter it first.",
    PROOF_INVALID: "The verification has expired. Please request a new code.",
    RECENT_SIGN_IN_REQUIRED: "Please confirm that it is you first.",
    LAST_SIGN_IN_METHOD: "Please set a password or link another account first. This is your last way to sign in.",
    CREDENTIALS_INVALID: "The e-mail address, phone number or password is wrong. Please check them and try again.",
    TOKEN_MISSING: "Please sign in.",
    TOKEN_INVALID: "Your session is no longer valid. Please sign in again.",
    TOKEN_EXPIRED: "You were signed out after a long time of inactivity. Please sign in again.",
    SESSION_REVOKED: "You were signed out. Please sign in again.",
    REFRESH_REUSED: "You were signed out to protect your account. Please sign in again.",
    ROLE_REQUIRED: "You do not have permission to do this. Please ask an administrator if you need it.",
    ACCOUNT_DISABLED: "This account is disabled. Please contact an administrator.",
    ORIGIN_REFUSED:
      "This page is not allowed to use the service. Please open the service at its own address and try again.",
    TOO_MANY_ATTEMPTS: ({ retryAfter }) => `Too many attempts. Please try again ${after(retryAfter)}.`,
    TOO_MANY_SENDS: ({ retryAfter }) => `Too many messages were sent. Please try again ${after(retryAfter)}.`,
    BUSY: ({ retryAfter }) => `The service is busy. Please try again ${after(retryAfter)}.`,
    NOT_FOUND: "This no longer exists. Please reload the page.",
    DEPENDENCY_DOWN: ({ retryAfter }) => `The service is unavailable. Please try again ${after(retryAfter)}.`,
    TIMED_OUT: "This took too long. Please check whether it was done, then try again.",
    CANCELED: "This was cancelled. Please try again to continue.",
    INTERNAL: "Something went wrong on our side. Please try again later.",
    UNIMPLEMENTED: "This is not available yet. Please use another option.",
    NETWORK_FAILED: "There is no connection. Please check your network and try again.",
    COOKIES_BLOCKED:
      "Your browser blocks cookies here, so you cannot stay signed in. Please allow cookies for this site and sign in again.",
    UNKNOWN: "This did not work. Please try again later.",
  },
  rules: {
    ...englishRuleTexts,
    "email.empty": "Enter an e-mail address.",
    "email.too_long": "The e-mail address is too long.",
    "email.encoding": "The e-mail address contains broken characters. Type it again.",
    "email.control": "Type the e-mail address on one line.",
    "email.lookalike_at": "Type the e-mail address with an ordinary @.",
    "email.display_name": "Enter only the e-mail address, without a name.",
    "email.list": "Enter one e-mail address only.",
    "email.quoted": "Enter the e-mail address without quotation marks.",
    "email.comment": "Enter the e-mail address without brackets.",
    "email.blank": "Remove the space from the e-mail address.",
    "email.missing_at": "The e-mail address needs an @.",
    "email.two_ats": "The e-mail address has more than one @.",
    "email.local_missing": "The part before the @ is missing.",
    "email.local_too_long": "The part before the @ is too long.",
    "email.local_dots": "Check the dots before the @.",
    "email.local_non_ascii": "Before the @, use only English letters, digits and symbols.",
    "email.local_symbol": "The part before the @ contains a symbol that is not allowed.",
    "email.route": "The symbols % and ! are not allowed before the @.",
    "email.domain_missing": "The part after the @ is missing.",
    "email.domain": "Check the part after the @ for typos.",
    "email.domain_short": "The part after the @ needs an ending, as in example.com.",
    "email.domain_ip": "Use a domain name after the @, not a numeric address.",
    "email.domain_ending": "Check the part after the last dot for typos.",
    "email.taken": "This e-mail address is already in use.",
    "phone.empty": "Enter a phone number.",
    "phone.too_long": "The phone number has too many digits.",
    "phone.too_short": "The phone number has too few digits.",
    "phone.encoding": "The phone number contains broken characters. Type it again.",
    "phone.control": "Type the phone number on one line.",
    "phone.uri": "Enter only the phone number.",
    "phone.extension": "Enter the phone number without an extension.",
    "phone.letters": "Enter the phone number in digits only.",
    "phone.list": "Enter one phone number only.",
    "phone.symbol": "Use digits for the phone number; spaces, hyphens, dots and brackets are fine.",
    "phone.leading_zero": "The phone number needs a 0 at the beginning.",
    "phone.country_code": "Enter the phone number with a plus sign and its country code.",
    "phone.invalid": "This phone number does not exist. Check the digits.",
    "phone.not_mobile": "Enter a mobile number. This one cannot receive text messages.",
    "phone.country": "Phone numbers of this country cannot be used here.",
    "phone.taken": "This phone number is already in use.",
    "nickname.taken": "This nickname is taken.",
    "contact.unproven": "Request a code and enter it first.",
    "password.common": "This password is too easy to guess.",
    "password.exists": "This account already has a password.",
    "password.missing": "This account has no password yet.",
    "password.contains_identifier":
      "Do not use your name, e-mail address, phone number or the name of this service in the password.",
    "user.own": "Ask another administrator to change your own account.",
    "push.too_big": "Title, text and data are too long. Shorten them.",
    "push.reserved_key": "This name is reserved by the push service. Choose another one.",
  },
  actions: {
    retry: "Try again",
  },
};

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function after(retryAfter: number | undefined): string {
  if (retryAfter === undefined) {
    return "later";
  }
  const { count, unit } = toWait(retryAfter);
  return `in ${plural(count, unit, `${unit}s`)}`;
}
