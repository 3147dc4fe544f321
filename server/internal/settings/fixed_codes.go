package settings

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

var codePattern = regexp.MustCompile(fmt.Sprintf(`^[0-9]{%d}$`, verification.CodeLength))

// Fixed gives the contacts with fixed codes. The settings have no Problems.
func (s Settings) Fixed() verification.FixedCodes {
	codes, _ := s.fixedContacts()
	last, err := time.Parse(time.DateOnly, s.FixedCodesUntil)
	if err != nil || len(codes) == 0 {
		return verification.FixedCodes{}
	}
	return verification.FixedCodes{Codes: codes, Until: last.AddDate(0, 0, 1)}
}

// fixedContacts reads the contacts. An entry that is wrong is told by its place: what it holds is a secret.
func (s Settings) fixedContacts() (map[verification.Contact]secret.Text, error) {
	codes := map[verification.Contact]secret.Text{}
	entries, _ := splitList(s.FixedCodes.Reveal())
	for i, entry := range entries {
		name, code, ok := strings.Cut(entry, "=")
		if !ok || !codePattern.MatchString(code) {
			return nil, fmt.Errorf("has no code of %d digits in entry %d; write it like review@example.com=135790", verification.CodeLength, i+1)
		}
		var c verification.Contact
		if email, err := contact.ParseEmail(name); err == nil {
			c = verification.EmailContact(email)
		} else if phone, err := contact.ParsePhone(name, s.Accounts.PhoneRegion); err == nil {
			c = verification.PhoneContact(phone)
		} else {
			return nil, fmt.Errorf("has no address or number in entry %d; write it like review@example.com=135790", i+1)
		}
		if _, twice := codes[c]; twice {
			return nil, fmt.Errorf("has a contact twice, in entry %d", i+1)
		}
		codes[c] = secret.NewText(code)
	}
	return codes, nil
}
