package contact

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxEmailInput bounds the input before any other check. It is above maxEmail because a wide or national spelling takes more
	// bytes.
	maxEmailInput = 1024
	// maxEmail is what fits into an SMTP path of 256 octets with its angle
	// brackets (RFC 5321 section 4.5.3.1.3, RFC 3696 erratum 1690).
	maxEmail = 254
	// maxLocal is RFC 5321 section 4.5.3.1.1.
	maxLocal = 64
)

// Email is an address in canonical form. Two values are the same mailbox if and only if they are equal with ==. The zero value is
// no address.
type Email struct {
	address string
	at      int // index of the only @
}

// ParseEmail reads one address and returns its canonical form, or an [*Invalid].
//
// Blanks and tabs around the address are dropped. The part before the @ is a
// dot-atom (RFC 5322 section 3.2.3) and is lower-cased: RFC 5321 section 2.4
// lets a host tell "Ada" from "ada", but no provider in practice does, and two
// accounts that differ by case only would be a trap. Wide and other compatibility
// letters and digits are folded to ASCII with NFKC; what is still not ASCII is
// refused, because mailboxes of RFC 6531 cannot be reached from every server.
// Dots and +tags are kept: whether they name the same mailbox is known only to
// the provider. The domain becomes lower-case ASCII, see canonicalDomain.
//
// Refused although the RFCs allow them: quoted local parts, comments, address
// literals, and % or ! before the @, which some relays read as a further route.
func ParseEmail(s string) (Email, error) {
	if len(s) > maxEmailInput {
		return Email{}, invalid(RuleEmailTooLong)
	}
	s = strings.Trim(s, " \t")
	if rule := emailStructure(s); rule != "" {
		return Email{}, invalid(rule)
	}
	rawLocal, rawDomain, _ := strings.Cut(s, "@")
	local, rule := canonicalLocal(rawLocal)
	if rule != "" {
		return Email{}, invalid(rule)
	}
	domain, rule := canonicalDomain(rawDomain)
	if rule != "" {
		return Email{}, invalid(rule)
	}
	if len(local)+1+len(domain) > maxEmail {
		return Email{}, invalid(RuleEmailTooLong)
	}
	return Email{address: local + "@" + domain, at: len(local)}, nil
}

// String returns the canonical address: the only form to store, compare or send to.
func (e Email) String() string { return e.address }

// IsZero reports whether e is the zero value.
func (e Email) IsZero() bool { return e.address == "" }

// Domain returns the part after the @, in lower-case ASCII.
func (e Email) Domain() string {
	if e.IsZero() {
		return ""
	}
	return e.address[e.at+1:]
}

// emailStructure returns the rule for what makes s something other than one plain address, or "". It checks the text before
// normalization: folding a wide @ or comma would turn it into a separator.
func emailStructure(s string) string {
	if s == "" {
		return RuleEmailEmpty
	}
	if isBroken(s) {
		return RuleEmailEncoding
	}
	ats := 0
	found := make(map[string]bool)
	for _, r := range s {
		if r == '@' {
			ats++
			continue
		}
		found[structureRule(r)] = true
	}
	// The order decides which rule the user sees: `"A, B" <a@b.com>` is a display name first, and invisible characters come
	// before visible ones.
	for _, rule := range []string{
		RuleEmailControl, RuleEmailInvisible, RuleEmailLookalikeAt,
		RuleEmailDisplayName, RuleEmailList, RuleEmailQuoted, RuleEmailComment,
	} {
		if found[rule] {
			return rule
		}
	}
	switch {
	case ats == 0:
		return RuleEmailMissingAt
	case ats > 1:
		return RuleEmailTwoAts
	case found[RuleEmailBlank]:
		return RuleEmailBlank
	}
	return ""
}

// structureRule returns the rule that a character breaks at any position, or "" if that depends on the position. Wide forms count
// like ordinary ones.
func structureRule(r rune) string {
	switch {
	case isControl(r):
		return RuleEmailControl
	case isInvisible(r):
		return RuleEmailInvisible
	case isBlank(r):
		return RuleEmailBlank
	}
	switch foldWidth(r) {
	case '@', '\uFE6B': // the caller handles the ordinary @
		return RuleEmailLookalikeAt
	case '<', '>':
		return RuleEmailDisplayName
	case ',', ';', '、': // the last is the comma of Korean and Japanese keyboards
		return RuleEmailList
	case '"':
		return RuleEmailQuoted
	case '(', ')':
		return RuleEmailComment
	}
	return ""
}

// canonicalLocal checks and folds the part before the @.
func canonicalLocal(raw string) (local, rule string) {
	var b strings.Builder
	for _, r := range raw {
		if r >= utf8.RuneSelf {
			// Character by character, so that only letters and digits result: "…" must not become dots, nor a wide dot a dot.
			folded := norm.NFKC.String(string(r))
			if strings.ContainsFunc(folded, func(f rune) bool { return !isAlnum(f) }) {
				return "", RuleEmailLocalNonASCII
			}
			b.WriteString(folded)
			continue
		}
		switch {
		case r == '%' || r == '!':
			return "", RuleEmailRoute
		case !isAlnum(r) && !strings.ContainsRune(".#$&'*+-/=?^_`{|}~", r):
			return "", RuleEmailLocalSymbol
		}
		b.WriteRune(r)
	}
	// Only ASCII is left, so lower-casing cannot change the length, and there are no special cases of Turkish or Greek letters.
	local = strings.ToLower(b.String())
	switch {
	case local == "":
		return "", RuleEmailLocalMissing
	case len(local) > maxLocal:
		return "", RuleEmailLocalTooLong
	case local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, ".."):
		return "", RuleEmailLocalDots
	}
	return local, ""
}

func isAlnum(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
