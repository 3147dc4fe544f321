// Package fcm sends notifications through Firebase Cloud Messaging, HTTP v1.
package fcm

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	fcm "google.golang.org/api/fcm/v1"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	// Name is the name of the provider in settings and rows.
	Name = "fcm"
	// Endpoint is the URL of the API.
	Endpoint = "https://fcm.googleapis.com"
)

// Config configures a Sender.
type Config struct {
	// Credentials is the JSON file with the key of a service account. Without it, nothing is sent.
	Credentials secret.Text `name:"fcm-credentials" placeholder:"JSON" secret:"" help:"Key of a service account that may send push notifications, the whole JSON file; there are none when empty."`
	// Endpoint is Google's, except in tests.
	Endpoint string `name:"fcm-endpoint" default:"https://fcm.googleapis.com" placeholder:"URL" help:"Address of Firebase Cloud Messaging."`
	// WebConfig and VAPIDKey are for browsers. Without them, browsers get no notifications.
	WebConfig string           `name:"fcm-web-config" placeholder:"JSON" help:"Firebase's configuration of the web app, a JSON object; browsers get no push notifications when empty."`
	VAPIDKey  string           `name:"fcm-web-vapid-key" placeholder:"KEY" help:"Public key of that project's Web Push certificate."`
	Clock     func() time.Time `kong:"-"`
}

// Sender sends notifications to the devices of one Firebase project.
type Sender struct {
	parent   string
	messages *fcm.ProjectsMessagesService
	tokens   *authorized
	clock    func() time.Time
	// known is set once Firebase has accepted a message for a device of this project.
	known atomic.Bool
}

// New returns a Sender. It makes no calls.
func New(ctx context.Context, cfg Config) (*Sender, error) {
	credentials, err := ParseCredentials(cfg.Credentials)
	if err != nil {
		return nil, fmt.Errorf("the key %w", err)
	}
	client := gateway.NewClient()
	tokens := &authorized{account: credentials.account, http: client, clock: cfg.Clock}
	service, err := fcm.NewService(ctx,
		option.WithHTTPClient(&http.Client{Timeout: gateway.Timeout, CheckRedirect: client.CheckRedirect, Transport: tokens}),
		option.WithEndpoint(strings.TrimSuffix(cfg.Endpoint, "/")+"/"),
	)
	if err != nil {
		return nil, fmt.Errorf("set up Firebase Cloud Messaging: %w", err)
	}
	return &Sender{
		parent: "projects/" + credentials.project, messages: service.Projects.Messages, tokens: tokens, clock: cfg.Clock,
	}, nil
}

// SendPush sends a notification. It fails with the class notify.Unregistered if the token's device is gone, or belongs to another
// project.
func (s *Sender) SendPush(ctx context.Context, p notify.Push) (notify.Receipt, error) {
	message := &fcm.Message{
		Token:        p.Token.Reveal(),
		Notification: &fcm.Notification{Title: p.Title, Body: p.Body},
		Data:         p.Data,
	}
	if p.ID != uuid.Nil {
		replaceRepeat(message, p)
	}
	// Browsers open the link; applications find it in the data. Firebase refuses a message with any other link.
	if link := p.Link.Reveal(); strings.HasPrefix(link, "https://") {
		if message.Webpush == nil {
			message.Webpush = &fcm.WebpushConfig{}
		}
		message.Webpush.FcmOptions = &fcm.WebpushFcmOptions{Link: link}
	}
	ctx, trace := gateway.WithTrace(ctx)
	sent, err := s.messages.Send(s.parent, &fcm.SendMessageRequest{Message: message}).Context(ctx).Do()
	if err != nil {
		return notify.Receipt{}, s.failure(err, trace.Started())
	}
	// The library accepts a response that is null.
	if sent == nil || sent.Name == "" {
		failure := notify.NewSendError(Name, notify.Unreachable, "answer")
		failure.Ambiguous = true
		return notify.Receipt{}, failure
	}
	s.known.Store(true)
	// projects/…/messages/…: the last part is the id of the message.
	id := sent.Name[strings.LastIndex(sent.Name, "/")+1:]
	return notify.Receipt{Provider: Name, ID: id}, nil
}

// replaceRepeat makes devices show a notification once that arrives twice. FCM has no key for repeats. But on Android a
// notification replaces the one with the same tag, and on Apple's devices the one with the same collapse id. Push services of
// browsers replace an undelivered one with the same topic (RFC 8030 section 5.4), which has at most 32 characters. The tag counts
// as payload, so it is omitted if it would make the message too large.
func replaceRepeat(message *fcm.Message, p notify.Push) {
	tag := p.ID.String()
	size := notify.Notification{Title: p.Title, Body: p.Body, Data: p.Data}.Payload()
	if size+len("tag")+len(tag) <= notify.MaxPayload {
		message.Android = &fcm.AndroidConfig{Notification: &fcm.AndroidNotification{Tag: tag}}
	}
	message.Apns = &fcm.ApnsConfig{Headers: map[string]string{"apns-collapse-id": tag}}
	message.Webpush = &fcm.WebpushConfig{Headers: map[string]string{"Topic": hex.EncodeToString(p.ID[:])}}
}

func (s *Sender) failure(err error, begun bool) *notify.SendError {
	var (
		known   *notify.SendError
		refused *googleapi.Error
	)
	switch {
	case errors.As(err, &known):
		return known
	case !errors.As(err, &refused):
		return gateway.NoAnswer(Name, err, begun)
	}
	code := codeOf(refused.Body)
	class, ambiguous := s.classOf(refused.Code, code), gateway.Ambiguous(refused.Code, code != "", refused.Header)
	if code == "" {
		code = http.StatusText(refused.Code)
	}
	failure := notify.NewSendError(Name, class, code)
	failure.Ambiguous = ambiguous
	if failure.Class == notify.Busy {
		failure.RetryAfter = gateway.RetryAfter(refused.Header, s.clock())
	}
	if refused.Code == http.StatusUnauthorized {
		s.tokens.forget()
	}
	return failure
}

// codeOf returns FCM's own code, which is more specific than the status.
func codeOf(body string) string {
	var answer struct {
		Error struct {
			Status  string `json:"status"`
			Details []struct {
				Type      string `json:"@type"`
				ErrorCode string `json:"errorCode"`
			} `json:"details"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(body), &answer) != nil {
		return ""
	}
	for _, detail := range answer.Error.Details {
		if detail.Type == "type.googleapis.com/google.firebase.fcm.v1.FcmError" && detail.ErrorCode != "" {
			return detail.ErrorCode
		}
	}
	return answer.Error.Status
}

// classOf maps the codes that FCM documents. For UNSPECIFIED_ERROR, which says nothing, and for the general codes of Google's
// APIs, it uses the status.
func (s *Sender) classOf(status int, code string) notify.Class {
	switch code {
	case "UNREGISTERED":
		return notify.Unregistered
	case "INVALID_ARGUMENT":
		// The token or the message is invalid, and the code does not say which. So the device is kept.
		return notify.Refused
	case "QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL":
		return notify.Busy
	case "SENDER_ID_MISMATCH":
		return s.foreign()
	case "THIRD_PARTY_AUTH_ERROR":
		return notify.Misconfigured
	default:
		return gateway.ClassOf(status)
	}
}

// foreign returns the class of an error about a token of another Firebase project. Such a token can never work here. But if no
// token works, the credentials are those of another project, and the devices must still be there after an operator has corrected
// them. So a foreign token is unregistered only once Firebase has accepted a message for any other device. Until then, the
// settings are wrong.
func (s *Sender) foreign() notify.Class {
	if s.known.Load() {
		return notify.Unregistered
	}
	return notify.Misconfigured
}
