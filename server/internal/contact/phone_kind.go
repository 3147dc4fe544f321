package contact

import "github.com/nyaruka/phonenumbers"

// Kind is what a number is used for. The values are stored, so they must not change.
type Kind string

// The kinds.
const (
	KindMobile Kind = "mobile"
	// KindOldMobile is a Korean 011, 016, 017, 018 or 019 number. They parse and
	// count as able to receive messages, so that old records stay readable; but
	// the networks behind them closed in 2021, and whether a new sign-up may
	// still use one is the caller's setting.
	KindOldMobile Kind = "old_mobile"
	// KindFixedOrMobile is a number of a country, such as the United States,
	// whose plan does not tell the two apart.
	KindFixedOrMobile Kind = "fixed_or_mobile"
	KindFixed         Kind = "fixed"
	KindInternet      Kind = "internet" // Korea: 070
	// KindVirtual forwards to another number (Korea: 050x). It is resold and
	// reused, so it proves nothing about who holds it.
	KindVirtual Kind = "virtual"
	// KindService is a company's, free or charged number (Korea: 15xx, 16xx,
	// 18xx, 080, 060).
	KindService Kind = "service"
	KindOther   Kind = "other"
)

// Kind returns what the number is used for.
func (p Phone) Kind() Kind { return p.kind }

// CanReceiveSMS reports whether a text message to the number can arrive. Numbers of no country cannot: they are for satellites,
// free or expensive services.
func (p Phone) CanReceiveSMS() bool {
	switch p.kind {
	case KindMobile, KindOldMobile, KindFixedOrMobile:
		return p.region != phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY
	default:
		return false
	}
}

// RequireSMS returns an [*Invalid] with RulePhoneNotMobile if no text message can reach the number. Call it before a number is
// accepted for codes.
func (p Phone) RequireSMS() error {
	if p.CanReceiveSMS() {
		return nil
	}
	return invalid(RulePhoneNotMobile)
}

// kindOf maps the library's types.
func kindOf(number *phonenumbers.PhoneNumber, region string) Kind {
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.MOBILE:
		if region == korea {
			return koreanKind(phonenumbers.GetNationalSignificantNumber(number))
		}
		return KindMobile
	case phonenumbers.FIXED_LINE_OR_MOBILE:
		return KindFixedOrMobile
	case phonenumbers.FIXED_LINE:
		return KindFixed
	case phonenumbers.VOIP:
		return KindInternet
	case phonenumbers.PERSONAL_NUMBER:
		return KindVirtual
	case phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST, phonenumbers.UAN:
		return KindService
	default:
		return KindOther
	}
}
