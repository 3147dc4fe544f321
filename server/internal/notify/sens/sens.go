// Package sens sends text messages through Naver Cloud SENS.
package sens

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	// Name is the name of the provider in settings and rows.
	Name = "sens"
	// URL is the URL of the API.
	URL = "https://sens.apigw.ntruss.com"
)

// Config configures a project at SENS.
type Config struct {
	URL string `name:"sens-url" default:"https://sens.apigw.ntruss.com" placeholder:"URL" help:"Address of SENS."`
	// ServiceID is the id of the project's SMS service, like ncp:sms:kr:123456789012:name.
	ServiceID string      `name:"sens-service-id" placeholder:"ID" help:"SMS service at Naver Cloud SENS, like ncp:sms:kr:123456789012:name."`
	AccessKey string      `name:"sens-access-key" placeholder:"KEY" help:"Access key at Naver Cloud."`
	SecretKey secret.Text `name:"sens-secret-key" placeholder:"SECRET" secret:"" help:"Secret key at Naver Cloud."`
	// From is a number registered with SENS, in any form that notify.KoreanSender accepts.
	From string `kong:"-"`
	// FromSetting is the setting that From is from. It is empty while the provider is not in use.
	FromSetting string           `kong:"-"`
	Clock       func() time.Time `kong:"-"`
}

// Sender sends through one project at SENS.
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

// accepted is the service's own status for a success, a text.
const accepted = "202"

type request struct {
	Type        string    `json:"type"`
	ContentType string    `json:"contentType"`
	CountryCode string    `json:"countryCode"`
	From        string    `json:"from"`
	Content     string    `json:"content"`
	Messages    []message `json:"messages"`
}

type message struct {
	To string `json:"to"`
}

// answer is a response of SENS. The API gateway reports errors under "error", and the service under "errors".
type answer struct {
	RequestID  string `json:"requestId"`
	StatusCode string `json:"statusCode"`
	StatusName string `json:"statusName"`
	Error      struct {
		Code number `json:"errorCode"`
	} `json:"error"`
}

// number is a number with or without quotes.
type number string

// UnmarshalJSON accepts both forms.
func (n *number) UnmarshalJSON(text []byte) error {
	*n = number(strings.Trim(string(text), `"`))
	return nil
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
	body, err := json.Marshal(request{
		Type: "SMS", ContentType: "COMM", CountryCode: phone.CountryCode(), From: s.from, Content: m.Text.Reveal(),
		Messages: []message{{To: to}},
	})
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Refused, "text")
	}
	path := "/sms/v2/services/" + url.PathEscape(s.cfg.ServiceID) + "/messages"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(s.cfg.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Misconfigured, "address")
	}
	stamp := strconv.FormatInt(s.cfg.Clock().UnixMilli(), 10)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("x-ncp-apigw-timestamp", stamp)
	r.Header.Set("x-ncp-iam-access-key", s.cfg.AccessKey)
	r.Header.Set("x-ncp-apigw-signature-v2", signature(r.Method, r.URL.RequestURI(), stamp, s.cfg.AccessKey, s.cfg.SecretKey))
	got, err := s.gateway.Do(ctx, r)
	if err != nil {
		return notify.Receipt{}, err
	}
	return s.read(got)
}

// read reads the outcome from a response: both statuses must say that the message was accepted.
func (s *Sender) read(got gateway.Answer) (notify.Receipt, error) {
	var a answer
	malformed := json.Unmarshal(got.Body, &a) != nil
	success := got.Status >= 200 && got.Status < 300
	switch {
	case success && !malformed && a.StatusCode == accepted:
		return notify.Receipt{Provider: Name, ID: a.RequestID}, nil
	case success && (malformed || a.StatusCode == ""):
		return notify.Receipt{}, s.gateway.Unclear(notify.Unreachable, "answer")
	case success:
		status, err := strconv.Atoi(a.StatusCode)
		if err != nil {
			return notify.Receipt{}, s.gateway.Unclear(notify.Unreachable, "answer")
		}
		return notify.Receipt{}, s.gateway.Error(got, gateway.ClassOf(status), a.StatusCode)
	default:
		code := string(a.Error.Code)
		failure := s.gateway.Error(got, classOf(got.Status, code), code)
		failure.Ambiguous = failure.Ambiguous || got.Status >= 500 && unsure[code]
		return notify.Receipt{}, failure
	}
}

// unsure are the codes of Naver's API gateway for an endpoint that failed (500) or took too long (510), and for unexpected errors
// (900). SENS may have the message.
var unsure = map[string]bool{"500": true, "510": true, "900": true}

// classOf maps a status and a code of Naver's API gateway. Of the responses with status 429, an exceeded quota concerns the
// account.
func classOf(status int, code string) notify.Class {
	if status == http.StatusTooManyRequests && code == "400" {
		return notify.Misconfigured
	}
	return gateway.ClassOf(status)
}

// signature returns a signature of Naver Cloud's version 2, which is valid for five minutes.
func signature(method, uri, stamp, accessKey string, secretKey secret.Text) string {
	mac := hmac.New(sha256.New, []byte(secretKey.Reveal()))
	mac.Write([]byte(method + " " + uri + "\n" + stamp + "\n" + accessKey))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
