import { rulesInEnglish } from "../form/rules-in-english.js";
import type { Texts } from "./texts.js";
import { waitOf } from "./wait.js";

/** The words in English. */
export const en: Texts = {
  reasons: {
    INVALID_FIELDS: "Please check the marked fields.",
    PASSWORD_POLICY: "Please choose another password.",
    EMAIL_TAKEN: "This e-mail address belongs to an account. Sign in, or use another one.",
    PHONE_TAKEN: "This phone number belongs to an account. Sign in, or use another one.",
    NICKNAME_TAKEN: "This nickname is taken. Please choose another one.",
    CODE_MISMATCH: ({ attemptsLeft }) =>
      attemptsLeft === undefined
        ? "The code is wrong. Please check it and enter it again."
        : `The code is wrong. ${plural(attemptsLeft, "try", "tries")} left.`,
    CODE_EXPIRED: "The code has expired. Please ask for a new one.",
    CODE_SPENT: "This code cannot be used any more. Please ask for a new one, or use the newest one.",
    VERIFICATION_REQUIRED: "Please ask for a code and enter it first.",
    PROOF_INVALID: "Too much time has passed. Please ask for a new code and enter it.",
    RECENT_SIGN_IN_REQUIRED: "Please confirm first that it is you.",
    LAST_SIGN_IN_METHOD:
      "Please set a password or link another account first. Otherwise you could not sign in any more.",
    CREDENTIALS_INVALID:
      "E-mail address or phone number and password do not belong together. Please check them and try again.",
    TOKEN_MISSING: "Please sign in.",
    TOKEN_INVALID: "Your sign-in is not valid any more. Please sign in again.",
    TOKEN_EXPIRED: "You were signed out because you were away for long. Please sign in again.",
    SESSION_REVOKED: "You were signed out. Please sign in again.",
    REFRESH_REUSED: "You were signed out to protect your account. Please sign in again.",
    ROLE_REQUIRED: "Your account is not allowed to do this. Please ask an administrator if you need it.",
    ACCOUNT_DISABLED: "This account is disabled. Please ask an administrator.",
    ORIGIN_REFUSED: "This page is not allowed to do this. Please open the service at its own address and try again.",
    TOO_MANY_ATTEMPTS: ({ retryAfter }) => `Too many attempts. Please try again ${after(retryAfter)}.`,
    TOO_MANY_SENDS: ({ retryAfter }) => `Too many messages were sent. Please try again ${after(retryAfter)}.`,
    BUSY: ({ retryAfter }) => `Too many people are here right now. Please try again ${after(retryAfter)}.`,
    NOT_FOUND: "This does not exist any more. Please load the page again.",
    DEPENDENCY_DOWN: ({ retryAfter }) => `This does not work at the moment. Please try again ${after(retryAfter)}.`,
    TIMED_OUT: "This took too long. Please check whether it was done before you try again.",
    CANCELED: "This was cancelled. Please try again if you still want it.",
    INTERNAL: "Something went wrong on our side. Please try again later.",
    UNIMPLEMENTED: "This is not available yet. Please choose another way.",
    NETWORK_FAILED: "There is no connection. Please check your network and try again.",
    COOKIES_BLOCKED:
      "Your browser blocks cookies here, so you cannot stay signed in. Please allow cookies for this site and sign in again.",
    UNKNOWN: "This did not work. Please try again later.",
  },
  rules: {
    ...rulesInEnglish,
    "email.empty": "Enter an e-mail address.",
    "email.too_long": "The e-mail address is too long.",
    "email.encoding": "The e-mail address holds broken characters. Type it again.",
    "email.control": "The e-mail address holds a line break. Type it on one line.",
    "email.lookalike_at": "Type the ordinary @.",
    "email.display_name": "Enter only the address, without a name.",
    "email.list": "Enter one e-mail address only.",
    "email.quoted": "Enter the address without quotation marks.",
    "email.comment": "Enter the address without brackets.",
    "email.blank": "The e-mail address holds a blank. Remove it.",
    "email.missing_at": "The @ is missing.",
    "email.two_ats": "There is more than one @.",
    "email.local_missing": "The part before the @ is missing.",
    "email.local_too_long": "The part before the @ is too long.",
    "email.local_dots": "The dots before the @ are not where they can be.",
    "email.local_non_ascii": "The part before the @ may hold only English letters, digits and signs.",
    "email.local_symbol": "The part before the @ holds a sign that is not allowed there.",
    "email.route": "The signs % and ! before the @ are not allowed.",
    "email.domain_missing": "The part after the @ is missing.",
    "email.domain": "Check the part after the @ for typing errors.",
    "email.domain_short": "The part after the @ needs an ending, as in example.com.",
    "email.domain_ip": "Use a domain name after the @, not a numeric address.",
    "email.domain_ending": "Check the ending after the last dot for typing errors.",
    "email.taken": "This e-mail address belongs to an account.",
    "phone.empty": "Enter a phone number.",
    "phone.too_long": "The phone number has too many digits.",
    "phone.too_short": "The phone number has too few digits.",
    "phone.encoding": "The phone number holds broken characters. Type it again.",
    "phone.control": "The phone number holds a line break. Type it on one line.",
    "phone.uri": "Enter only the number itself.",
    "phone.extension": "Enter a number without an extension.",
    "phone.letters": "Enter digits only.",
    "phone.list": "Enter one phone number only.",
    "phone.symbol": "Enter digits; blanks, hyphens, dots and brackets are fine.",
    "phone.leading_zero": "The 0 at the beginning is missing.",
    "phone.country_code": "Write the number with a plus sign and its country code.",
    "phone.invalid": "This phone number does not exist. Check the digits.",
    "phone.not_mobile": "Enter a mobile number: this one cannot receive text messages.",
    "phone.country": "Numbers of this country cannot be used here.",
    "phone.taken": "This phone number belongs to an account.",
    "nickname.taken": "This nickname is taken.",
    "contact.unproven": "Ask for a code and enter it first.",
    "password.common": "This password is too easy to guess.",
    "password.exists": "The account has a password already.",
    "password.contains_identifier": "Leave out your name, e-mail address, phone number and the name of this service.",
    "user.own": "Ask another administrator to change your own account.",
    "push.too_big": "Title, text and data are too long together. Shorten them.",
    "push.reserved_key": "This name belongs to the push service. Choose another one.",
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
  const { count, unit } = waitOf(retryAfter);
  return `in ${plural(count, unit, `${unit}s`)}`;
}
