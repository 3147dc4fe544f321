package notify_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func TestTheOutboxListsTheNewestFirst(t *testing.T) {
	t.Parallel()

	outbox := notify.NewOutbox(func() time.Time { return time.Unix(1, 0) })
	for i := range 3 {
		if _, err := outbox.SendMail(t.Context(), notify.Message{To: fmt.Sprintf("%d@example.com", i%2), Subject: secret.NewText(strconv.Itoa(i))}); err != nil {
			t.Fatal(err)
		}
	}
	all, _ := outbox.List("")
	if len(all) != 3 || all[0].Subject.Reveal() != "2" || all[2].Subject.Reveal() != "0" || !all[0].SentAt.Equal(time.Unix(1, 0)) || all[0].ID == all[1].ID {
		t.Errorf("all: %+v", all)
	}
	if some, _ := outbox.List("0@example.com"); len(some) != 2 || some[0].Subject.Reveal() != "2" {
		t.Errorf("some: %+v", some)
	}
	if none, _ := outbox.List("nobody@example.com"); len(none) != 0 {
		t.Errorf("none: %+v", none)
	}
}

func TestTheOutboxSignalsAnArrival(t *testing.T) {
	t.Parallel()

	outbox := notify.NewOutbox(time.Now)
	_, more := outbox.List("")
	select {
	case <-more:
		t.Fatal("nothing has arrived yet")
	default:
	}
	if _, err := outbox.SendMail(t.Context(), notify.Message{}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-more:
	default:
		t.Error("it did not tell")
	}
}

func TestTheOutboxForgetsTheOldest(t *testing.T) {
	t.Parallel()

	outbox := notify.NewOutbox(time.Now)
	for i := range 600 {
		if _, err := outbox.SendMail(t.Context(), notify.Message{Subject: secret.NewText(strconv.Itoa(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if all, _ := outbox.List(""); len(all) != 500 || all[0].Subject.Reveal() != "599" || all[499].Subject.Reveal() != "100" {
		t.Errorf("%d are kept", len(all))
	}
}
