// Package twilio sends text messages through Twilio.
package twilio

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	// Name is the name of the provider in settings and rows.
	Name = "twilio"
	// URL is the URL of the API.
	URL = "https://api.twilio.com"
)

// Config configures an account at Twilio.
type Config struct {
	URL        string      `name:"twilio-url" default:"https://api.twilio.com" placeholder:"URL" help:"Address of Twilio."`
	AccountSID string      `name:"twilio-account-sid" placeholder:"SID" help:"Account at Twilio."`
	AuthToken  secret.Text `name:"twilio-auth-token" placeholder:"TOKEN" secret:"" help:"Auth token at Twilio."`
	// From is a sender that CheckFrom accepts.
	From string `kong:"-"`
	// FromSetting is the setting that From is from. It is empty while the provider is not in use.
	FromSetting string           `kong:"-"`
	Clock       func() time.Time `kong:"-"`
}

// Sender sends through one account at Twilio.
type Sender struct {
	cfg     Config
	gateway *gateway.Gateway
}

// New returns a Sender.
func New(cfg Config) (*Sender, error) {
	if err := CheckFrom(cfg.From); err != nil {
		return nil, fmt.Errorf("the sender %w", err)
	}
	return &Sender{cfg: cfg, gateway: gateway.New(Name, cfg.Clock)}, nil
}

var (
	service = regexp.MustCompile(`^MG[0-9a-fA-F]{32}$`)
	number  = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	name    = regexp.MustCompile(`^[A-Za-z0-9 ]{1,11}$`)
	letter  = regexp.MustCompile(`[A-Za-z]`)
	account = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
)

// CheckFrom returns an error unless from is a valid sender: a number in E.164 form, a messaging service or, if the country allows
// it, a name of at most eleven letters and digits.
func CheckFrom(from string) error {
	if number.MatchString(from) || service.MatchString(from) || name.MatchString(from) && letter.MatchString(from) {
		return nil
	}
	return errors.New("is not a Twilio sender: use a number like +15005550006, a messaging service like MG…, or a name of at most 11 letters and digits")
}

// CheckAccount returns an error unless sid can be the id of an account.
func CheckAccount(sid string) error {
	if account.MatchString(sid) {
		return nil
	}
	return errors.New("is not a Twilio account: use AC and 32 hexadecimal digits")
}

type answer struct {
	SID    string `json:"sid"`
	Status any    `json:"status"`
	// ErrorCode is about a message, and Code about a request.
	ErrorCode *int `json:"error_code"`
	Code      int  `json:"code"`
}

// SendSMS sends a message.
func (s *Sender) SendSMS(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	form := url.Values{"To": {m.To}, "Body": {m.Text.Reveal()}}
	if service.MatchString(s.cfg.From) {
		form.Set("MessagingServiceSid", s.cfg.From)
	} else {
		form.Set("From", s.cfg.From)
	}
	address := strings.TrimSuffix(s.cfg.URL, "/") + "/2010-04-01/Accounts/" + url.PathEscape(s.cfg.AccountSID) + "/Messages.json"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Misconfigured, "address")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(s.cfg.AccountSID, s.cfg.AuthToken.Reveal())
	got, err := s.gateway.Do(ctx, r)
	if err != nil {
		return notify.Receipt{}, err
	}
	return s.read(got)
}

// read reads the outcome from a response. A message that was created may have failed at once.
func (s *Sender) read(got gateway.Answer) (notify.Receipt, error) {
	var a answer
	malformed := json.Unmarshal(got.Body, &a) != nil
	success := got.Status >= 200 && got.Status < 300
	switch {
	case success && (malformed || a.SID == ""):
		return notify.Receipt{}, s.gateway.Unclear(notify.Unreachable, "answer")
	case success && (a.ErrorCode != nil && *a.ErrorCode != 0 || a.Status == "failed" || a.Status == "undelivered"):
		code := 0
		if a.ErrorCode != nil {
			code = *a.ErrorCode
		}
		failure := s.gateway.Error(got, classOf(http.StatusBadRequest, code), cmp.Or(text(code), http.StatusText(got.Status)))
		failure.Ambiguous = code == unknownError
		return notify.Receipt{}, failure
	case success:
		return notify.Receipt{Provider: Name, ID: a.SID}, nil
	default:
		return notify.Receipt{}, s.gateway.Error(got, classOf(got.Status, a.Code), text(a.Code))
	}
}

func text(code int) string {
	if code == 0 {
		return ""
	}
	return strconv.Itoa(code)
}
