package contact

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// maxPhoneInput bounds the input before any other check. The longest sensible spelling, wide digits with spaces, is far below.
const maxPhoneInput = 64

// maxE164 is the plus sign and the fifteen digits of ITU-T E.164 section 6.
const maxE164 = 1 + 15

// Phone is a number in E.164 form. Two values are the same number if and only if they are equal with ==. The zero value is no
// number.
type Phone struct {
	e164       string
	codeLength int // digits of the country code in e164
	region     string
	kind       Kind
	formatted  string
}

// ParsePhone reads one number and returns its canonical form, or an [*Invalid].
//
// A number with a plus sign is read as it stands; any other is a number of
// region, an ISO 3166 code such as "KR". Blanks, dashes, dots and brackets are
// dropped and wide digits folded. The number must exist in its country's plan;
// it may be of any kind, so a caller that is going to send a message also asks
// [Phone.RequireSMS]. Korea has spellings of its own, see koreanSpelling.
func ParsePhone(s, region string) (Phone, error) {
	if len(s) > maxPhoneInput {
		return Phone{}, invalid(RulePhoneTooLong)
	}
	dialled, rule := scanPhone(s)
	if rule != "" {
		return Phone{}, invalid(rule)
	}
	zeroMissing := false
	if region == korea {
		dialled, zeroMissing, rule = koreanSpelling(dialled)
		if rule != "" {
			return Phone{}, invalid(rule)
		}
	}
	p, rule := readPhone(dialled, region)
	switch {
	case rule != "":
		return Phone{}, invalid(rule)
	case zeroMissing && !dialledWithoutZero(p):
		return Phone{}, invalid(RulePhoneLeadingZero)
	}
	if dialled == p.e164 {
		return p, nil
	}
	// The canonical form must be parsed to itself; otherwise two spellings of one number would be two accounts. No input is known
	// to fail here, but the numbering plans change with every release of the library.
	again, rule := readPhone(p.e164, "")
	if rule != "" || again != p {
		return Phone{}, invalid(RulePhoneInvalid)
	}
	return p, nil
}

// KnownRegion reports whether ParsePhone accepts a region. A server checks its setting at the start.
func KnownRegion(region string) bool {
	return phonenumbers.GetSupportedRegions()[region]
}

// String returns the E.164 form, +821012345678: the only form to store, compare
// or count by.
func (p Phone) String() string { return p.e164 }

// IsZero reports whether p is the zero value.
func (p Phone) IsZero() bool { return p.e164 == "" }

// Region is the country the number belongs to, as an ISO 3166 code, or "001" for
// a number of no country (+800, +882 and the like). It is not always the region
// the code suggests: +1 is also Canada's, +44 also Guernsey's.
func (p Phone) Region() string { return p.region }

// NationalFormatted is the number as written inside its country, 010-1234-5678.
// A number without a national form, such as one of no country, comes with its
// plus sign and country code.
func (p Phone) NationalFormatted() string { return p.formatted }

// National is the number as dialled inside its country, digits only,
// 01012345678. Korean SMS providers want this form for Korean numbers; all
// others take String. A number without a national form comes as String gives it.
func (p Phone) National() string {
	if strings.HasPrefix(p.formatted, "+") {
		return p.e164
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, p.formatted)
}

// CountryCode is the calling code, 82. With Significant it makes E.164: some
// providers ask for the two apart.
func (p Phone) CountryCode() string {
	if p.IsZero() {
		return ""
	}
	return p.e164[1 : 1+p.codeLength]
}

// Significant is what follows the calling code, 1012345678.
func (p Phone) Significant() string {
	if p.IsZero() {
		return ""
	}
	return p.e164[1+p.codeLength:]
}

// readPhone asks the numbering plans about digits with or without a plus sign.
func readPhone(dialled, region string) (Phone, string) {
	if !strings.HasPrefix(dialled, "+") && !KnownRegion(region) {
		return Phone{}, RulePhoneCountryCode
	}
	number, err := phonenumbers.Parse(dialled, region)
	switch {
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return Phone{}, RulePhoneTooLong
	case errors.Is(err, phonenumbers.ErrNotANumber),
		errors.Is(err, phonenumbers.ErrTooShortNSN), errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return Phone{}, RulePhoneTooShort
	case err != nil:
		return Phone{}, RulePhoneInvalid
	}
	if rule := koreanMobileLength(number); rule != "" {
		return Phone{}, rule
	}
	if !phonenumbers.IsValidNumber(number) {
		switch phonenumbers.IsPossibleNumberWithReason(number) {
		case phonenumbers.TOO_SHORT:
			return Phone{}, RulePhoneTooShort
		case phonenumbers.TOO_LONG:
			return Phone{}, RulePhoneTooLong
		default:
			return Phone{}, RulePhoneInvalid
		}
	}
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	if len(e164) > maxE164 {
		return Phone{}, RulePhoneTooLong
	}
	home := phonenumbers.GetRegionCodeForNumber(number)
	return Phone{
		e164:       e164,
		codeLength: len(e164) - 1 - len(phonenumbers.GetNationalSignificantNumber(number)),
		region:     home,
		kind:       kindOf(number, home),
		formatted:  nationalForm(number, home, e164),
	}, ""
}

// nationalForm writes a number as in its country, and checks it by reading it
// back: the library has been seen to garble Argentine mobiles (v1.8.1 loses the
// area code). What does not lead back is written with its country code.
func nationalForm(number *phonenumbers.PhoneNumber, home, e164 string) string {
	formatted := phonenumbers.Format(number, phonenumbers.NATIONAL)
	back, err := phonenumbers.Parse(formatted, home)
	if err != nil || phonenumbers.Format(back, phonenumbers.E164) != e164 {
		return phonenumbers.Format(number, phonenumbers.INTERNATIONAL)
	}
	return formatted
}
