package verification

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

var codePattern = regexp.MustCompile(fmt.Sprintf(`^[0-9]{%d}$`, CodeLength))

// ParseFixed returns the contacts with fixed codes. The Config must be valid.
func (c Config) ParseFixed() FixedCodes {
	codes, _ := c.fixedContacts()
	last, err := time.Parse(time.DateOnly, c.FixedCodesUntil)
	if err != nil || len(codes) == 0 {
		return FixedCodes{}
	}
	return FixedCodes{Codes: codes, Until: last.AddDate(0, 0, 1)}
}

// fixedContacts reads the contacts. The error names an invalid entry by its position, since its text is a secret.
func (c Config) fixedContacts() (map[Contact]secret.Text, error) {
	codes := map[Contact]secret.Text{}
	if c.FixedCodes.Empty() {
		return codes, nil
	}
	for i, entry := range strings.Split(c.FixedCodes.Reveal(), ",") {
		name, code, ok := strings.Cut(strings.TrimSpace(entry), "=")
		if !ok || !codePattern.MatchString(code) {
			return nil, fmt.Errorf("has no code of %d digits in entry %d; write it like review@example.com=135790", CodeLength, i+1)
		}
		var to Contact
		if email, err := contact.ParseEmail(name); err == nil {
			to = EmailContact(email)
		} else if phone, err := contact.ParsePhone(name, c.PhoneRegion); err == nil {
			to = PhoneContact(phone)
		} else {
			return nil, fmt.Errorf("has no address or number in entry %d; write it like review@example.com=135790", i+1)
		}
		if _, twice := codes[to]; twice {
			return nil, fmt.Errorf("has a contact twice, in entry %d", i+1)
		}
		codes[to] = secret.NewText(code)
	}
	return codes, nil
}
