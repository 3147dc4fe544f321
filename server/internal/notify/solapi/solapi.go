// Package solapi sends text messages through Solapi (CoolSMS).
package solapi

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	// Name is the name of the provider in settings and rows.
	Name = "solapi"
	// URL is the URL of the API.
	URL = "https://api.solapi.com"
)

// Config configures an account at Solapi.
type Config struct {
	URL    string      `name:"solapi-url" default:"https://api.solapi.com" placeholder:"URL" help:"Address of Solapi."`
	Key    string      `name:"solapi-api-key" placeholder:"KEY" help:"API key at Solapi."`
	Secret secret.Text `name:"solapi-api-secret" placeholder:"SECRET" secret:"" help:"API secret at Solapi."`
	// From is a number registered with Solapi, in any form that notify.KoreanSender accepts.
	From string `kong:"-"`
	// FromSetting is the setting that From is from. It is empty while the provider is not in use.
	FromSetting string           `kong:"-"`
	Clock       func() time.Time `kong:"-"`
}

// Sender sends through one account at Solapi.
type Sender struct {
	cfg     Config
	from    string
	gateway *gateway.Gateway
}

// New returns a Sender.
func New(cfg Config) (*Sender, error) {
	from, err := notify.KoreanSender(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("the sender number %w", err)
	}
	return &Sender{cfg: cfg, from: from, gateway: gateway.New(Name, cfg.Clock)}, nil
}

type request struct {
	Message message `json:"message"`
}

type message struct {
	To      string `json:"to"`
	From    string `json:"from"`
	Text    string `json:"text"`
	Type    string `json:"type"`
	Country string `json:"country"`
}

// answer is a response of Solapi: the state of a message, or why it did not process one.
type answer struct {
	MessageID  string `json:"messageId"`
	StatusCode string `json:"statusCode"`
	ErrorCode  string `json:"errorCode"`
}

// SendSMS sends a message.
func (s *Sender) SendSMS(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	phone, err := contact.ParsePhone(m.To, "")
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Refused, "number")
	}
	to := phone.Significant()
	if phone.Region() == "KR" {
		to = phone.National()
	}
	body, err := json.Marshal(request{message{
		To: to, From: s.from, Text: m.Text.Reveal(), Type: "SMS", Country: phone.CountryCode(),
	}})
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Refused, "text")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(s.cfg.URL, "/")+"/messages/v4/send", bytes.NewReader(body))
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Misconfigured, "address")
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Authorization", authorization(s.cfg.Key, s.cfg.Secret, s.cfg.Clock(), hex.EncodeToString(salt())))
	got, err := s.gateway.Do(ctx, r)
	if err != nil {
		return notify.Receipt{}, err
	}
	return s.read(got)
}

// read reads the outcome from a response. HTTP also says 200 if the message was refused.
func (s *Sender) read(got gateway.Answer) (notify.Receipt, error) {
	var a answer
	malformed := json.Unmarshal(got.Body, &a) != nil
	switch {
	case !malformed && a.StatusCode != "" && got.Status < 500:
		if taken(a.StatusCode) && got.Status == http.StatusOK {
			return notify.Receipt{Provider: Name, ID: a.MessageID}, nil
		}
		failure := s.gateway.Error(got, classOf(a.StatusCode), a.StatusCode)
		failure.Ambiguous = failure.Ambiguous || unsure(a.StatusCode)
		return notify.Receipt{}, failure
	case got.Status == http.StatusOK:
		return notify.Receipt{}, s.gateway.Unclear(notify.Unreachable, "answer")
	default:
		return notify.Receipt{}, s.gateway.Error(got, classOfError(got.Status, a.ErrorCode), a.ErrorCode)
	}
}

// taken reports whether a status code means accepted by Solapi or by the carrier, or delivered.
func taken(status string) bool { return status == "2000" || status == "3000" || status == "4000" }

// authorization signs the time and a salt. The signature is valid for a quarter of an hour, and once.
func authorization(key string, apiSecret secret.Text, now time.Time, salt string) string {
	date := now.UTC().Format(time.RFC3339)
	mac := hmac.New(sha256.New, []byte(apiSecret.Reveal()))
	mac.Write([]byte(date + salt))
	return fmt.Sprintf("HMAC-SHA256 apiKey=%s, date=%s, salt=%s, signature=%s", key, date, salt, hex.EncodeToString(mac.Sum(nil)))
}

func salt() []byte {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // it never fails
	return salt
}
