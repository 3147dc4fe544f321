// Package fcm sends notifications through Firebase Cloud Messaging, HTTP v1.
package fcm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	fcm "google.golang.org/api/fcm/v1"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

const (
	// Name is how settings and rows call this provider.
	Name = "fcm"
	// Endpoint is where it answers.
	Endpoint = "https://fcm.googleapis.com"
)

// Config is what a Sender works with.
type Config struct {
	Credentials Credentials
	// Endpoint is Google's unless it is for tests.
	Endpoint string
	Clock    func() time.Time
}

// Sender sends to the devices of one Firebase project.
type Sender struct {
	parent   string
	messages *fcm.ProjectsMessagesService
	tokens   *authorized
	clock    func() time.Time
}

// New makes a Sender. It calls nobody.
func New(ctx context.Context, cfg Config) (*Sender, error) {
	client := gateway.NewClient()
	tokens := &authorized{account: cfg.Credentials.account, http: client, clock: cfg.Clock}
	service, err := fcm.NewService(ctx,
		option.WithHTTPClient(&http.Client{Timeout: gateway.Timeout, CheckRedirect: client.CheckRedirect, Transport: tokens}),
		option.WithEndpoint(strings.TrimSuffix(cfg.Endpoint, "/")+"/"),
	)
	if err != nil {
		return nil, fmt.Errorf("set up Firebase Cloud Messaging: %w", err)
	}
	return &Sender{
		parent: "projects/" + cfg.Credentials.project, messages: service.Projects.Messages, tokens: tokens, clock: cfg.Clock,
	}, nil
}

// SendPush hands a notification over. It fails with the class notify.Unregistered when the token's device is gone.
func (s *Sender) SendPush(ctx context.Context, p notify.Push) (notify.Receipt, error) {
	sent, err := s.messages.Send(s.parent, &fcm.SendMessageRequest{Message: &fcm.Message{
		Token:        p.Token.Reveal(),
		Notification: &fcm.Notification{Title: p.Title, Body: p.Body},
		Data:         p.Data,
	}}).Context(ctx).Do()
	if err != nil {
		return notify.Receipt{}, s.failure(err)
	}
	// The library makes nothing of an answer that is null.
	if sent == nil || sent.Name == "" {
		return notify.Receipt{}, notify.NewSendError(Name, notify.Unreachable, "answer")
	}
	// projects/…/messages/…: the last part is the message.
	id := sent.Name[strings.LastIndex(sent.Name, "/")+1:]
	return notify.Receipt{Provider: Name, ID: id}, nil
}

func (s *Sender) failure(err error) *notify.SendError {
	var (
		known   *notify.SendError
		refused *googleapi.Error
	)
	switch {
	case errors.As(err, &known):
		return known
	case !errors.As(err, &refused):
		return gateway.NoAnswer(Name, err)
	}
	code := codeOf(refused.Body)
	failure := notify.NewSendError(Name, classOf(refused.Code, code), code)
	if code == "" {
		failure = notify.NewSendError(Name, classOf(refused.Code, code), http.StatusText(refused.Code))
	}
	if failure.Class == notify.Busy {
		failure.RetryAfter = gateway.RetryAfter(refused.Header, s.clock())
	}
	if refused.Code == http.StatusUnauthorized {
		s.tokens.forget()
	}
	return failure
}

// codeOf reads FCM's own code, which says more than the status.
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

// classOf sorts the codes that FCM documents.
func classOf(status int, code string) notify.Class {
	switch code {
	case "UNREGISTERED":
		return notify.Unregistered
	case "INVALID_ARGUMENT":
		return notify.Refused
	case "QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL":
		return notify.Busy
	case "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR":
		return notify.Misconfigured
	default:
		return gateway.ClassOf(status)
	}
}
