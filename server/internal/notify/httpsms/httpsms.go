// Package httpsms sends text messages through any HTTP gateway. The operator configures the URL, the headers, a template of the
// body, and how a success looks.
package httpsms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Name is the name of the provider in settings and rows.
const Name = "http"

// Config configures a gateway.
type Config struct {
	// URL is called with POST. It is a secret, since it may contain a key.
	URL secret.Text `name:"sms-http-url" placeholder:"URL" secret:"" help:"Address of the gateway of the provider http; it gets a POST."`
	// Headers is a JSON object, such as {"Authorization": "Bearer …"}.
	Headers secret.Text `name:"sms-http-headers" placeholder:"JSON" secret:"" help:"Headers for that gateway, as a JSON object."`
	// Body is a template with To, National, From, Text and ID. The function json quotes a text for JSON, and urlquery for a form.
	// ID is the id of the message, which is the same at each attempt.
	Body string `name:"sms-http-body" placeholder:"TEMPLATE" help:"Body for that gateway, a template; JSON with to, from and text when empty."`
	// Success is a regular expression that a response with a successful status must match. If it is empty, every such response is
	// a success.
	Success string `name:"sms-http-success" placeholder:"EXPRESSION" help:"Regular expression that an answer of that gateway matches when it has taken a message; any when empty."`
	// From is a sender that CheckFrom accepts.
	From string `kong:"-"`
	// FromSetting is the setting that From is from. It is empty while the provider is not in use.
	FromSetting string           `kong:"-"`
	Clock       func() time.Time `kong:"-"`
}

// Body is the default body.
const Body = `{"to":{{json .To}},"from":{{json .From}},"text":{{json .Text}}}`

// Sender sends through one gateway.
type Sender struct {
	url     string
	headers http.Header
	body    *template.Template
	success *regexp.Regexp
	from    string
	gateway *gateway.Gateway
}

type values struct{ To, National, From, Text, ID string }

// New returns a Sender. Its errors contain no secrets.
func New(cfg Config) (*Sender, error) {
	if err := gateway.CheckURL(cfg.URL.Reveal()); err != nil {
		return nil, fmt.Errorf("the address %w", err)
	}
	headers, err := ParseHeaders(cfg.Headers)
	if err != nil {
		return nil, fmt.Errorf("the headers %w", err)
	}
	body, err := ParseBody(cfg.body(), headers)
	if err != nil {
		return nil, fmt.Errorf("the body %w", err)
	}
	if err := CheckFrom(cfg.From, body); err != nil {
		return nil, fmt.Errorf("the sender %w", err)
	}
	success, err := regexp.Compile(cfg.Success)
	if err != nil {
		return nil, fmt.Errorf("the success: %w", err)
	}
	return &Sender{
		url: cfg.URL.Reveal(), headers: headers, body: body, success: success, from: cfg.From, gateway: gateway.New(Name, cfg.Clock),
	}, nil
}

// A header name is a token, and a value contains no line end (RFC 9110 section 5).
var (
	headerName  = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
	headerValue = regexp.MustCompile(`^[\t\x20-\x7e]*$`)
)

// ParseHeaders parses headers. It adds a content type, JSON, if there is none.
func ParseHeaders(text secret.Text) (http.Header, error) {
	headers := http.Header{}
	var object map[string]string
	if !text.Empty() && json.Unmarshal([]byte(text.Reveal()), &object) != nil {
		return nil, errors.New(`are no JSON object of texts, like {"Authorization":"Bearer …"}`)
	}
	for name, value := range object {
		if !headerName.MatchString(name) || !headerValue.MatchString(value) {
			return nil, errors.New("hold a name or a value that is none")
		}
		headers.Set(name, value)
	}
	if headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", "application/json; charset=utf-8")
	}
	return headers, nil
}

// ParseBody parses a template, and tests it with a text that would break out of quotes.
func ParseBody(text string, headers http.Header) (*template.Template, error) {
	body, err := template.New("body").Option("missingkey=error").Funcs(template.FuncMap{"json": quote}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("is not a template: %w", err)
	}
	var tried bytes.Buffer
	if err := body.Execute(&tried, values{To: "+821012345678", National: "01012345678", From: "021234567", Text: "a \"quoted\"\ntext \\ & more", ID: "0190b5a4-7e1f-4c6e-9d55-6f7c9a1b2c3d"}); err != nil {
		return nil, fmt.Errorf("cannot be filled in: %w", err)
	}
	kind, _, _ := mime.ParseMediaType(headers.Get("Content-Type"))
	if (kind == "application/json" || strings.HasSuffix(kind, "+json")) && !json.Valid(tried.Bytes()) {
		return nil, errors.New("does not become JSON; write {{json .Text}} without quotes around it")
	}
	return body, nil
}

func quote(value string) (string, error) {
	quoted, err := json.Marshal(value)
	return string(quoted), err
}

// idempotencyKey is the header by which gateways recognize repeats. It is in lower case: with the canonical name, net/http would
// itself repeat a request when a connection breaks, and that attempt would not be counted.
const idempotencyKey = "idempotency-key"

// SendSMS sends a message.
func (s *Sender) SendSMS(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	phone, err := contact.ParsePhone(m.To, "")
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Refused, "number")
	}
	var body bytes.Buffer
	if err := s.body.Execute(&body, values{
		To: m.To, National: phone.National(), From: s.from, Text: m.Text.Reveal(), ID: m.ID.String(),
	}); err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Misconfigured, "template")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, &body)
	if err != nil {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Misconfigured, "address")
	}
	r.Header = s.headers.Clone()
	r.Header.Del("Idempotency-Key")
	r.Header[idempotencyKey] = []string{m.ID.String()}
	got, err := s.gateway.Do(ctx, r)
	if err != nil {
		return notify.Receipt{}, err
	}
	switch {
	case got.Status < 200 || got.Status > 299:
		return notify.Receipt{}, s.gateway.Error(got, gateway.ClassOf(got.Status), "")
	case !s.success.Match(got.Body):
		// The format of the response is unknown, and the expression may be wrong.
		return notify.Receipt{}, s.gateway.Unclear(notify.Misconfigured, "no success")
	default:
		return notify.Receipt{Provider: Name, ID: m.ID.String()}, nil
	}
}
