package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

const nicknameField = "nickname"

// duplicateFault returns a fault with a violation for each duplicate, or nil. The reason is that of the first one.
func duplicateFault(row dbsqlc.FindDuplicatesRow) error {
	var found *fault.Error
	for _, clash := range []struct {
		taken   bool
		field   string
		reason  latchkeyv1.Reason
		message string
	}{
		{row.EmailTaken, emailField, latchkeyv1.Reason_REASON_EMAIL_TAKEN, "This address belongs to an account."},
		{row.PhoneTaken, phoneField, latchkeyv1.Reason_REASON_PHONE_TAKEN, "This number belongs to an account."},
		{row.NicknameTaken, nicknameField, latchkeyv1.Reason_REASON_NICKNAME_TAKEN, "This nickname belongs to an account."},
	} {
		if !clash.taken {
			continue
		}
		if found == nil {
			found = fault.New(clash.reason)
		}
		found.Violations = append(found.Violations, fault.Violation{
			Field: clash.field, Rule: clash.field + ".taken", Message: clash.message,
		})
	}
	if found == nil {
		return nil
	}
	return found
}

// asDuplicateFault maps the violation of a unique index to the fault that findDuplicates leads to. The index decides between
// concurrent calls; the check before it only saves work.
func asDuplicateFault(err error) error {
	switch db.ViolatedUnique(err) {
	case "users_email_unique":
		return duplicateFault(dbsqlc.FindDuplicatesRow{EmailTaken: true})
	case "users_phone_unique":
		return duplicateFault(dbsqlc.FindDuplicatesRow{PhoneTaken: true})
	case "users_nickname_unique":
		return duplicateFault(dbsqlc.FindDuplicatesRow{NicknameTaken: true})
	default:
		return err
	}
}

func (s *Service) findDuplicates(ctx context.Context, arg dbsqlc.FindDuplicatesParams) (dbsqlc.FindDuplicatesRow, error) {
	row, err := s.q.FindDuplicates(ctx, s.db, arg)
	if err != nil {
		return row, fmt.Errorf("look for an account: %w", err)
	}
	return row, nil
}

// nilIfEmpty returns a pointer to a text, or nil if the text is empty.
func nilIfEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
