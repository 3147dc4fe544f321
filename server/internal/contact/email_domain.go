package contact

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
)

// hostnames maps and checks a domain for look-up as UTS 46 does: without the transitional mapping (ß stays ß, as registries and
// browsers do today), with the bidi rule of RFC 5893 and the length limits of RFC 1035.
var hostnames = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.BidiRule(),
	idna.VerifyDNSLength(true),
)

// canonicalDomain returns the lower-case ASCII form of a domain (A-labels, RFC 5890 section 2.3.2.1). It removes one trailing
// dot, which does not change the host.
func canonicalDomain(raw string) (domain, rule string) {
	if raw == "" {
		return "", RuleEmailDomainMissing
	}
	// Address literals (RFC 5321 section 4.1.3) name a machine, not a permanent mailbox. They would let a caller send mail into
	// our own network.
	if strings.ContainsAny(raw, "[]:") {
		return "", RuleEmailDomainIP
	}
	domain, err := hostnames.ToASCII(raw)
	// After the mapping, since UTS 46 has several spellings of the dot.
	domain = strings.TrimSuffix(domain, ".")
	if err != nil || domain == "" || strings.HasSuffix(domain, ".") || !stable(domain) {
		return "", RuleEmailDomain
	}
	if _, err := netip.ParseAddr(domain); err == nil {
		return "", RuleEmailDomainIP
	}
	dot := strings.LastIndexByte(domain, '.')
	if dot < 0 {
		return "", RuleEmailDomainShort
	}
	// No top-level domain begins with a digit (RFC 3696 section 2), and some
	// resolvers read "1.0x7f" and the like as an IPv4 address.
	if c := domain[dot+1]; c >= '0' && c <= '9' {
		return "", RuleEmailDomainEnding
	}
	return domain, ""
}

// stable reports whether domain is the only spelling of its name: mapping it, directly or through its Unicode form, returns the
// same text. A label such as "xn--abc-" that decodes to plain ASCII would be a second name for one host. Fuzzing found no domain
// that passes the mapping and fails here. The check stays because the uniqueness of accounts depends on it, whatever the tables
// say.
func stable(domain string) bool {
	unicodeForm, err := hostnames.ToUnicode(domain)
	if err != nil {
		return false
	}
	again, err := hostnames.ToASCII(unicodeForm)
	return err == nil && again == domain
}
