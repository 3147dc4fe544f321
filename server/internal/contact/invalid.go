package contact

import (
	"maps"
	"slices"
)

// Rule ids. Clients get them as FieldViolation.rule and use them as keys of translations. So a value is never changed, and never
// reused for another rule.
const (
	RuleEmailEmpty         = "email.empty"
	RuleEmailTooLong       = "email.too_long"
	RuleEmailEncoding      = "email.encoding"
	RuleEmailControl       = "email.control"
	RuleEmailInvisible     = "email.invisible"
	RuleEmailLookalikeAt   = "email.lookalike_at"
	RuleEmailDisplayName   = "email.display_name"
	RuleEmailList          = "email.list"
	RuleEmailQuoted        = "email.quoted"
	RuleEmailComment       = "email.comment"
	RuleEmailBlank         = "email.blank"
	RuleEmailMissingAt     = "email.missing_at"
	RuleEmailTwoAts        = "email.two_ats"
	RuleEmailLocalMissing  = "email.local_missing"
	RuleEmailLocalTooLong  = "email.local_too_long"
	RuleEmailLocalDots     = "email.local_dots"
	RuleEmailLocalNonASCII = "email.local_non_ascii"
	RuleEmailLocalSymbol   = "email.local_symbol"
	RuleEmailRoute         = "email.route"
	RuleEmailDomainMissing = "email.domain_missing"
	RuleEmailDomain        = "email.domain"
	RuleEmailDomainShort   = "email.domain_short"
	RuleEmailDomainIP      = "email.domain_ip"
	RuleEmailDomainEnding  = "email.domain_ending"

	RulePhoneEmpty       = "phone.empty"
	RulePhoneTooLong     = "phone.too_long"
	RulePhoneTooShort    = "phone.too_short"
	RulePhoneEncoding    = "phone.encoding"
	RulePhoneControl     = "phone.control"
	RulePhoneURI         = "phone.uri"
	RulePhoneExtension   = "phone.extension"
	RulePhoneLetters     = "phone.letters"
	RulePhoneList        = "phone.list"
	RulePhoneSymbol      = "phone.symbol"
	RulePhoneLeadingZero = "phone.leading_zero"
	RulePhoneCountryCode = "phone.country_code"
	RulePhoneInvalid     = "phone.invalid"
	RulePhoneNotMobile   = "phone.not_mobile"
)

// messages holds, for every rule, what is wrong and what to do about it.
var messages = map[string]string{
	RuleEmailEmpty:         "Enter an e-mail address.",
	RuleEmailTooLong:       "The e-mail address is too long: at most 254 characters.",
	RuleEmailEncoding:      "The e-mail address holds broken characters. Type it again.",
	RuleEmailControl:       "The e-mail address holds a line break or another control character. Type it on one line.",
	RuleEmailInvisible:     "The e-mail address holds an invisible character, often from copying. Type it by hand.",
	RuleEmailLookalikeAt:   "The @ is a wide or small look-alike. Type the ordinary @.",
	RuleEmailDisplayName:   "Enter only the address, without a name and without < >.",
	RuleEmailList:          "Enter one e-mail address only, without commas or semicolons.",
	RuleEmailQuoted:        "Quotation marks are not allowed in the e-mail address. Enter it without them.",
	RuleEmailComment:       "Brackets are not allowed in the e-mail address. Enter it without them.",
	RuleEmailBlank:         "The e-mail address holds a blank. Remove it.",
	RuleEmailMissingAt:     "The @ is missing. Enter an address like name@example.com.",
	RuleEmailTwoAts:        "There is more than one @. Enter one address like name@example.com.",
	RuleEmailLocalMissing:  "The part before the @ is missing.",
	RuleEmailLocalTooLong:  "The part before the @ is too long: at most 64 characters.",
	RuleEmailLocalDots:     "The part before the @ must not begin or end with a dot or hold two dots in a row.",
	RuleEmailLocalNonASCII: "The part before the @ may hold only English letters, digits and signs. Use an address without other letters.",
	RuleEmailLocalSymbol:   "The part before the @ holds a sign that is not allowed there. Check the address.",
	RuleEmailRoute:         "The signs % and ! before the @ are not allowed. Use the mailbox's plain address.",
	RuleEmailDomainMissing: "The part after the @ is missing.",
	RuleEmailDomain:        "The part after the @ is not a valid domain. Check it for typing errors.",
	RuleEmailDomainShort:   "The part after the @ is incomplete. It needs an ending, as in example.com.",
	RuleEmailDomainIP:      "A numeric address after the @ is not allowed. Use a domain name.",
	RuleEmailDomainEnding:  "The ending after the last dot is not one of a domain. Check it for typing errors.",

	RulePhoneEmpty:       "Enter a phone number.",
	RulePhoneTooLong:     "The phone number has too many digits. Enter one whole number, for example 010-1234-5678.",
	RulePhoneTooShort:    "The phone number has too few digits. Enter the whole number, for example 010-1234-5678.",
	RulePhoneEncoding:    "The phone number holds broken characters. Type it again.",
	RulePhoneControl:     "The phone number holds a line break or another control character. Type it on one line.",
	RulePhoneURI:         "Enter only the number itself, without \"tel:\" or a colon.",
	RulePhoneExtension:   "Extensions are not supported. Enter a number that can be reached directly.",
	RulePhoneLetters:     "The phone number holds letters. Enter digits only.",
	RulePhoneList:        "Enter one phone number only.",
	RulePhoneSymbol:      "The phone number holds a sign that does not belong there. Enter digits; blanks, hyphens, dots and brackets are fine.",
	RulePhoneLeadingZero: "The 0 at the beginning is missing. Enter the number as in 010-1234-5678.",
	RulePhoneCountryCode: "The country is unclear. Write the number with a plus sign and its country code, for example +82 10-1234-5678.",
	RulePhoneInvalid:     "This phone number does not exist. Check the digits; a foreign number needs a plus sign and its country code.",
	RulePhoneNotMobile:   "This number cannot receive text messages. Enter a mobile number.",
}

// Invalid is the only error of this package. Rule is one of the Rule constants. Message is an English sentence for the user.
// Neither contains any of the input.
type Invalid struct {
	Rule    string
	Message string
}

// Error implements error.
func (e *Invalid) Error() string { return e.Rule + ": " + e.Message }

// invalid returns the error of a rule.
func invalid(rule string) error {
	return &Invalid{Rule: rule, Message: messages[rule]}
}

// Rules returns every rule id in alphabetical order, for the documentation and for checks that each one is translated.
func Rules() []string { return slices.Sorted(maps.Keys(messages)) }
