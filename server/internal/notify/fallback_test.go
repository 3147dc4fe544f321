package notify_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// counted is a provider that counts how often it is asked.
type counted struct {
	name   string
	asked  int
	answer error
}

// SendSMS answers.
func (c *counted) SendSMS(context.Context, notify.Message) (notify.Receipt, error) {
	c.asked++
	return notify.Receipt{Provider: c.name}, c.answer
}

func TestTheSecondProviderTakesOver(t *testing.T) {
	t.Parallel()

	for _, class := range []notify.Class{
		notify.Unreachable, notify.Busy, notify.Misconfigured, notify.Deferred, notify.Refused,
	} {
		clock := dbtest.NewClock()
		first, second := &counted{name: "first", answer: notify.NewSendError("first", class, "50")}, &counted{name: "second"}
		both := notify.Fallback(first, second, clock.Now)
		receipt, err := both.SendSMS(t.Context(), notify.Message{})
		if class == notify.Deferred || class == notify.Refused {
			// It is about the recipient.
			if err == nil || second.asked != 0 {
				t.Errorf("%s: %v, and the second was asked %d times", class, err, second.asked)
			}
			continue
		}
		if err != nil || receipt.Provider != "second" {
			t.Errorf("%s: %+v, %v", class, receipt, err)
		}
		// The first is left alone for a while, and then asked again.
		if _, err := both.SendSMS(t.Context(), notify.Message{}); err != nil || first.asked != 1 || second.asked != 2 {
			t.Errorf("%s: a moment later, the first was asked %d times, the second %d times: %v", class, first.asked, second.asked, err)
		}
		clock.Advance(30 * time.Second)
		first.answer = nil
		if receipt, err := both.SendSMS(t.Context(), notify.Message{}); err != nil || receipt.Provider != "first" {
			t.Errorf("%s: once the first has recovered: %+v, %v", class, receipt, err)
		}
	}
}

func TestWithBothInTroubleTheFirstIsAskedAgain(t *testing.T) {
	t.Parallel()

	first := &counted{answer: notify.NewSendError("first", notify.Busy, "503")}
	second := &counted{answer: notify.NewSendError("second", notify.Unreachable, "timeout")}
	both := notify.Fallback(first, second, dbtest.NewClock().Now)
	for range 2 {
		_, err := both.SendSMS(t.Context(), notify.Message{})
		var failure *notify.SendError
		if !errors.As(err, &failure) || failure.Provider != "second" {
			t.Errorf("SendSMS = %v", err)
		}
	}
	if first.asked != 2 || second.asked != 2 {
		t.Errorf("the first was asked %d times, the second %d times", first.asked, second.asked)
	}
}

func TestAProviderSaysHowLongItWantsToRest(t *testing.T) {
	t.Parallel()

	clock := dbtest.NewClock()
	busy := notify.NewSendError("first", notify.Busy, "429")
	busy.RetryAfter = 2 * time.Minute
	first, second := &counted{answer: busy}, &counted{}
	both := notify.Fallback(first, second, clock.Now)
	for range 3 {
		if _, err := both.SendSMS(t.Context(), notify.Message{}); err != nil {
			t.Fatal(err)
		}
		clock.Advance(30 * time.Second)
	}
	if first.asked != 1 {
		t.Errorf("it was asked %d times in a minute", first.asked)
	}
	clock.Advance(30 * time.Second)
	if _, err := both.SendSMS(t.Context(), notify.Message{}); err != nil || first.asked != 2 {
		t.Errorf("after two minutes: %v, asked %d times", err, first.asked)
	}
}

// Also if the second is in trouble too, and however long the wait is.
func TestAWaitThatTheFirstProviderAsksForIsKeptWhole(t *testing.T) {
	t.Parallel()

	clock := dbtest.NewClock()
	busy := notify.NewSendError("first", notify.Busy, "429")
	busy.RetryAfter = 2 * time.Hour
	first := &counted{answer: busy}
	second := &counted{answer: notify.NewSendError("second", notify.Unreachable, "timeout")}
	both := notify.Fallback(first, second, clock.Now)
	for range 4 {
		if _, err := both.SendSMS(t.Context(), notify.Message{}); err == nil {
			t.Fatal("it is no failure")
		}
		clock.Advance(29 * time.Minute)
	}
	if first.asked != 1 || second.asked != 4 {
		t.Errorf("within two hours, the first was asked %d times, the second %d times", first.asked, second.asked)
	}
	clock.Advance(4 * time.Minute)
	first.answer = nil
	if receipt, err := both.SendSMS(t.Context(), notify.Message{}); err != nil || first.asked != 2 {
		t.Errorf("after them: %+v, %v", receipt, err)
	}
}

// scripted answers each message with the next result of the script.
type scripted struct {
	begun  chan struct{}
	answer chan error
}

// SendSMS waits.
func (s *scripted) SendSMS(context.Context, notify.Message) (notify.Receipt, error) {
	s.begun <- struct{}{}
	return notify.Receipt{Provider: "first"}, <-s.answer
}

// Two messages are under way: one is asked to wait, and the other meets with no answer after that.
func TestAWaitIsNotCutShortByAMessageThatWasUnderWay(t *testing.T) {
	t.Parallel()

	clock := dbtest.NewClock()
	busy := notify.NewSendError("first", notify.Busy, "429")
	busy.RetryAfter = time.Hour
	first, second := &scripted{begun: make(chan struct{}), answer: make(chan error)}, &counted{}
	both := notify.Fallback(first, second, clock.Now)
	ended := make(chan error)
	for range 2 {
		go func() {
			_, err := both.SendSMS(context.WithoutCancel(t.Context()), notify.Message{})
			ended <- err
		}()
	}
	<-first.begun
	<-first.begun
	for _, answer := range []error{busy, notify.NewSendError("first", notify.Unreachable, "timeout")} {
		first.answer <- answer
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	clock.Advance(time.Minute)
	go func() {
		_, err := both.SendSMS(context.WithoutCancel(t.Context()), notify.Message{})
		ended <- err
	}()
	select {
	case <-first.begun:
		t.Error("it is asked a minute later, and wanted an hour")
		first.answer <- nil
		if err := <-ended; err != nil {
			t.Error(err)
		}
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	}
}

func TestKoreanSenders(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"010-1234-5678": "01012345678", "01012345678": "01012345678", "02-123-4567": "021234567", "02 1234 5678": "0212345678",
		"1588-0000": "15880000", "031-123-4567": "0311234567", "070-1234-5678": "07012345678",
	} {
		if got, err := notify.KoreanSender(text); err != nil || got != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	for _, bad := range []string{
		"", "+821012345678", "821012345678", "123-4567", "011-123-4567", "010-123-4567", "0101234567890", "02.123.4567", "Latchkey", "０１０12345678",
	} {
		if got, err := notify.KoreanSender(bad); err == nil {
			t.Errorf("%s becomes %s", bad, got)
		}
	}
}
