package contact

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

const (
	korea     = "KR"
	koreaCode = 82
)

// koreaFromAbroad matches a 010 number with a prefix from abroad: an international prefix (Korea's own 001, 002 … 00700 …, or the
// 00 of other countries), Korea's code, and possibly a superfluous 0.
var koreaFromAbroad = regexp.MustCompile(
	`^00(?:[125689]|3(?:[46]5|91)|7(?:00|27|3|55|6[126]))?82(0?10)`)

// koreanSpelling rewrites the spellings of a number typed in Korea that the
// number library misreads. It leaves numbers with a plus sign alone.
//
// A number that begins with 00 is accepted only when it leads to a 010 number.
// Anything else has two readings: "0081 90 1234 5678" is a number in Japan with
// the bare 00 and one in the United States with Korea's 008, and "0098 21 6612
// 3456" is in Tehran or, with 009, an old Korean mobile. A code must not go to
// a guess.
//
// zeroMissing reports a national number without its 0, as spreadsheets leave it:
// 1012345678. ParsePhone refuses it unless there never was one.
func koreanSpelling(dialled string) (rewritten string, zeroMissing bool, rule string) {
	switch {
	case strings.HasPrefix(dialled, "+"):
		return dialled, false, ""
	case strings.HasPrefix(dialled, "00"):
		if m := koreaFromAbroad.FindStringSubmatchIndex(dialled); m != nil {
			return "+82" + dialled[m[2]:], false, ""
		}
		return "", false, RulePhoneCountryCode
	case strings.HasPrefix(dialled, "82"):
		// Without its 0, no national number begins like this.
		return "+" + dialled, false, ""
	}
	return dialled, !strings.HasPrefix(dialled, "0"), ""
}

// dialledWithoutZero reports whether a Korean number is dialed as it is: 1588-1234 and the other company numbers of eight digits.
func dialledWithoutZero(p Phone) bool {
	return p.kind == KindService && strings.HasPrefix(p.e164, "+821")
}

// koreanMobileLength refuses 010 numbers with more or fewer than eight further digits. The library's numbering plan allows seven,
// which no 010 number ever had: a digit was forgotten, and the code would reach another person.
func koreanMobileLength(number *phonenumbers.PhoneNumber) string {
	// The library leaves the 0 in front of a number that is far too short.
	national := strings.TrimPrefix(phonenumbers.GetNationalSignificantNumber(number), "0")
	if number.GetCountryCode() != koreaCode || !strings.HasPrefix(national, "10") {
		return ""
	}
	switch {
	case len(national) < 10:
		return RulePhoneTooShort
	case len(national) > 10:
		return RulePhoneTooLong
	}
	return ""
}

// koreanKind sorts the Korean mobile prefixes. 012 and 015 belong to machines
// and pagers although the plan calls 012 mobile.
func koreanKind(national string) Kind {
	switch national[:2] {
	case "10":
		return KindMobile
	case "11", "16", "17", "18", "19":
		return KindOldMobile
	}
	return KindOther
}
