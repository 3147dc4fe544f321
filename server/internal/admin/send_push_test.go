package admin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Firebase limits a message for a device to 4096 bytes. A larger one would only fail later, where the caller does not see it.
func TestX9_ANotificationThatFirebaseWouldNotTakeIsRefused(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin, ada := env.Administrator("admin@example.com"), env.Person(adasAddress)
	ada.SignsUp()
	registers(t, env, ada, "adas-phone")

	data := func(sizes ...int) map[string]string {
		all := map[string]string{}
		for i, size := range sizes {
			all[string(rune('a'+i))] = strings.Repeat("x", size)
		}
		return all
	}
	// The words "title" and "body" take nine bytes, and each key of the data one.
	for name, c := range map[string]struct {
		title, body string
		data        map[string]string
		wrong       []string
	}{
		"a small one":               {"Hello", "world", data(10), nil},
		"as large as it may be":     {strings.Repeat("t", 100), strings.Repeat("b", 883), data(1024, 1024, 1024, 28), nil},
		"a byte too large":          {strings.Repeat("t", 100), strings.Repeat("b", 884), data(1024, 1024, 1024, 28), []string{"data push.too_big"}},
		"Korean text":               {"주문", strings.Repeat("가", 1000), data(1000), nil},
		"Korean text and data":      {"주문", strings.Repeat("가", 1000), data(1024, 100), []string{"data push.too_big"}},
		"text of four bytes each":   {strings.Repeat("😀", 100), strings.Repeat("😀", 1000), nil, []string{"body push.too_big"}},
		"that, and data":            {strings.Repeat("😀", 100), strings.Repeat("😀", 1000), data(1), []string{"body push.too_big", "data push.too_big"}},
		"a name of Firebase's own":  {"Hello", "world", map[string]string{"from": "1", "google.c.a": "2", "gcm1": "3", "fromage": "4"}, []string{"data[from] push.reserved_key", "data[gcm1] push.reserved_key", "data[google.c.a] push.reserved_key"}},
		"that, and without a title": {"", strings.Repeat("😀", 1000), data(1000), []string{"title string.min_len", "data push.too_big"}},
	} {
		before := env.Rows("sends", "river_job")
		_, err := env.Admin.SendPush(admin.As(), &latchkeyv1.SendPushRequest{UserId: ada.User.GetId(), Title: c.title, Body: c.body, Data: c.data})
		if c.wrong == nil {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var wrong []string
		for _, v := range env.Refused(err, latchkeyv1.Reason_REASON_INVALID_FIELDS).GetViolations() {
			wrong = append(wrong, v.GetField()+" "+v.GetRule())
		}
		if diff := cmp.Diff(c.wrong, wrong); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(before, env.Rows("sends", "river_job")); diff != "" {
			t.Errorf("%s: something is queued (-before +after):\n%s", name, diff)
		}
	}
}

// What an administrator's token sends without end would bury what matters.
func TestRL06_AnAccountIsSentANumberOfNotificationsAnHour(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin, ada, bob := env.Administrator("admin@example.com"), env.Person(adasAddress), env.Person("bob@example.com")
	for _, p := range []*latchkeytest.Person{ada, bob} {
		p.SignsUp()
		registers(t, env, p, "phone-of-"+p.Email)
	}
	send := func(p *latchkeytest.Person) error {
		_, err := env.Admin.SendPush(admin.As(), &latchkeyv1.SendPushRequest{UserId: p.User.GetId(), Title: "Hello", Body: "world"})
		return err
	}
	for range 120 {
		if err := send(ada); err != nil {
			t.Fatal(err)
		}
	}
	before := env.Rows("sends", "river_job")
	if wait := env.Refused(send(ada), latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS).GetRetryAfter(); wait.AsDuration() <= 0 {
		t.Errorf("it says to wait %v", wait.AsDuration())
	}
	if diff := cmp.Diff(before, env.Rows("sends", "river_job")); diff != "" {
		t.Errorf("something is queued (-before +after):\n%s", diff)
	}
	if err := send(bob); err != nil {
		t.Errorf("to another account: %v", err)
	}
	env.Clock.Advance(time.Hour)
	admin.SignsIn()
	if err := send(ada); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}
