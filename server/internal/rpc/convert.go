package rpc

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

func toUser(u account.User) *latchkeyv1.User {
	return &latchkeyv1.User{
		Id:            id.User(u.ID).String(),
		Email:         orEmpty(u.Email),
		EmailVerified: u.EmailVerifiedAt != nil,
		Phone:         orEmpty(u.Phone),
		PhoneVerified: u.PhoneVerifiedAt != nil,
		Name:          u.Name,
		Nickname:      u.Nickname,
		Role:          u.Role,
		Locale:        u.Locale,
		CreatedAt:     toTimestamp(u.CreatedAt),
		UpdatedAt:     toTimestamp(u.UpdatedAt),
	}
}

func toActivity(a audit.Row) *latchkeyv1.Activity {
	activity := &latchkeyv1.Activity{
		Id:     id.Activity(a.ID).String(),
		Event:  a.Type,
		At:     toTimestamp(a.At),
		Ip:     a.Ip,
		Device: device.Name(a.UserAgent),
	}
	if a.SessionID != nil {
		activity.SessionId = id.Session(*a.SessionID).String()
	}
	return activity
}

func toSession(row session.Row, current id.Session) *latchkeyv1.Session {
	return &latchkeyv1.Session{
		Id:         id.Session(row.ID).String(),
		Current:    id.Session(row.ID) == current,
		Device:     device.Name(row.UserAgent),
		Ip:         row.Ip,
		CreatedAt:  toTimestamp(row.AuthenticatedAt),
		LastUsedAt: toTimestamp(row.LastUsedAt),
		ExpiresAt:  toTimestamp(row.ExpiresAt),
	}
}

func toSend(s notify.Send) *latchkeyv1.Send {
	send := &latchkeyv1.Send{
		Kind:      s.Kind,
		Channel:   string(s.Channel),
		To:        s.To,
		State:     string(s.State),
		Tries:     int32(s.Tries),
		Provider:  s.Provider,
		Receipt:   s.Receipt,
		LastError: s.LastError,
		QueuedAt:  toTimestamp(s.QueuedAt),
	}
	if !s.EndedAt.IsZero() {
		send.EndedAt = toTimestamp(s.EndedAt)
	}
	return send
}

func toTimestamp(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }

func toSecrets(texts []string) []secret.Text {
	secrets := make([]secret.Text, len(texts))
	for i, text := range texts {
		secrets[i] = secret.NewText(text)
	}
	return secrets
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
