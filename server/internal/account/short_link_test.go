package account_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// signsInElsewhere makes an account whose owner can be reached by both, and tells it of a sign-in on a new device. It gives the
// stranger, and the link in the SMS.
func signsInElsewhere(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person, number string) (*latchkeytest.Person, *url.URL) {
	t.Helper()
	signsUpWithBoth(env, ada, number)
	stranger := *ada
	stranger.Tokens = signsInWith(t, env, ada, chromeOnWindows)
	return &stranger, shortLinkIn(t, env.AwaitMessage(number, 2).Text.Reveal())
}

var shortLink = regexp.MustCompile(`https?://\S+/d/[a-z2-7]{16}$`)

func shortLinkIn(t *testing.T, text string) *url.URL {
	t.Helper()
	link, err := url.Parse(shortLink.FindString(text))
	if err != nil || link.Host == "" {
		t.Fatalf("there is no link in %q", text)
	}
	return link
}

// presses does what the page's button does.
func presses(t *testing.T, env *latchkeytest.Env, secret string) (status int, page string) {
	t.Helper()
	return follows(t, env, &url.URL{Path: "/sessions/disown", RawQuery: url.Values{"secret": {secret}}.Encode()}, true)
}

func codeOf(link *url.URL) string { return strings.TrimPrefix(link.Path, "/d/") }

func TestRC06_TheLinkInAnSMSEndsTheSession(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	stranger, link := signsInElsewhere(t, env, ada, adasNumber)
	if origin := link.Scheme + "://" + link.Host; origin != latchkeytest.PublicURL {
		t.Errorf("RC-04: the link leads to %s", origin)
	}

	// Whatever looks at links by itself ends nothing, and gets the same page that the mail's link leads to.
	for range 3 {
		status, page := follows(t, env, link, false)
		if status != http.StatusOK || !strings.Contains(page, `action="/sessions/disown"`) || !strings.Contains(page, `value="`+codeOf(link)+`"`) {
			t.Errorf("the link gives %d: %s", status, page)
		}
	}
	stranger.SeesProfile()
	if status, page := presses(t, env, codeOf(link)); status != http.StatusOK || strings.Contains(page, "<form") || !strings.Contains(page, signedOut) {
		t.Errorf("the button gives %d: %s", status, page)
	}
	stranger.LosesSession(sessionRevoked)
	ada.SeesProfile()
	if events := ada.Activity(); events[0] != "session_disowned" {
		t.Errorf("the activity list says %v", events)
	}
	// Once used, it does nothing, as the mail's.
	mail := linkIn(t, env.AwaitMessage(adasAddress, 2).Text.Reveal())
	for _, secret := range []string{codeOf(link), mail.Query().Get("secret"), strings.Repeat("a", 16)} {
		if status, page := presses(t, env, secret); status != http.StatusOK || strings.Contains(page, signedOut) {
			t.Errorf("%s gives %d: %s", secret, status, page)
		}
	}
	ada.SeesProfile()
}

const signedOut = "That device is signed out"

// The owner must not believe that the stranger is gone, who is not.
func TestRC06_AMistypedLinkDoesNotSayThatItHasEndedASession(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	stranger, link := signsInElsewhere(t, env, env.Person(adasAddress), adasNumber)
	other := "a"
	if strings.HasSuffix(codeOf(link), other) {
		other = "b"
	}
	for secret, want := range map[string]int{
		codeOf(link)[:15] + other: http.StatusOK, codeOf(link)[:15]: http.StatusNotFound, "": http.StatusNotFound, "zqx": http.StatusNotFound,
	} {
		if status, page := presses(t, env, secret); status != want || strings.Contains(page, signedOut) {
			t.Errorf("%q gives %d: %s", secret, status, page)
		}
	}
	stranger.SeesProfile()
}

// It may be typed, and then in capitals.
func TestRC06_AShortLinkInCapitals(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	stranger, link := signsInElsewhere(t, env, env.Person(adasAddress), adasNumber)
	if status, page := follows(t, env, &url.URL{Path: strings.ToUpper(link.Path)}, false); status != http.StatusOK || !strings.Contains(page, "<form") {
		t.Errorf("the link gives %d: %s", status, page)
	}
	if status, _ := presses(t, env, strings.ToUpper(codeOf(link))); status != http.StatusOK {
		t.Errorf("the button gives %d", status)
	}
	stranger.LosesSession(sessionRevoked)
}

// A link that was cut on its way promises nothing.
func TestRC06_ALinkThatIsNotWholeSaysSo(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	stranger, link := signsInElsewhere(t, env, env.Person(adasAddress), adasNumber)
	for _, path := range []string{
		link.Path[:len(link.Path)-1], link.Path + "a", "/d/" + strings.Repeat("1", 16), "/d/%3Cscript%3E", "/d/" + strings.Repeat("a", 5000),
		"/d/" + codeOf(link)[:15] + "%0a", "/sessions/disown", "/sessions/disown?secret=zqx",
	} {
		at, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		if status, page := follows(t, env, at, false); status != http.StatusNotFound || strings.Contains(page, "<form") || strings.Contains(page, "<script") {
			t.Errorf("%.40s gives %d: %s", path, status, page)
		}
	}
	stranger.SeesProfile()
}

func TestRC04_WhoGuessesShortLinksIsStopped(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	stranger, link := signsInElsewhere(t, env, env.Person(adasAddress), adasNumber)
	tries := 0
	for status := http.StatusOK; status == http.StatusOK; tries++ {
		if tries > 100 {
			t.Fatal("there is no end to guessing")
		}
		status, _ = presses(t, env, strings.Repeat("a", 16))
	}
	// The network has to wait, also with a link that is good; it says so, and ends nothing.
	status, page := presses(t, env, codeOf(link))
	if status != http.StatusTooManyRequests || !strings.Contains(page, "Retry-After: ") || strings.Contains(page, "<form") {
		t.Errorf("after %d tries: %d, %s", tries, status, page)
	}
	stranger.SeesProfile()
	// The long one cannot be guessed, and is looked up by nobody.
	mail := linkIn(t, env.AwaitMessage(adasAddress, 2).Text.Reveal())
	if status, _ := follows(t, env, mail, true); status != http.StatusOK {
		t.Errorf("the mail's link gives %d", status)
	}
	stranger.LosesSession(sessionRevoked)
}

func TestRL02_ShortLinksWorkAgainLater(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	stranger, link := signsInElsewhere(t, env, env.Person(adasAddress), adasNumber)
	for range 61 {
		_, _ = presses(t, env, strings.Repeat("a", 16))
	}
	env.Clock.Advance(10*time.Minute + time.Second)
	if status, _ := presses(t, env, codeOf(link)); status != http.StatusOK {
		t.Errorf("ten minutes later: %d", status)
	}
	stranger.LosesSession(sessionRevoked)
}

// Neither a row nor the log holds a link, and without an SMS there is no short one.
func TestLG01_TheShortLinkStandsNowhere(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(&log, nil)))
	_, link := signsInElsewhere(t, env, env.Person(adasAddress), adasNumber)
	grace := env.Person("grace@example.com")
	grace.SignsUp()
	signsInWith(t, env, grace, chromeOnWindows)
	env.AwaitMessage(grace.Mailbox, 2)

	for _, path := range []string{link.Path, "//d//" + codeOf(link), "/x/../d/" + codeOf(link), "/D/" + codeOf(link), "//D/" + codeOf(link)} {
		_, _ = follows(t, env, &url.URL{Path: path}, false)
	}
	for _, table := range []string{"river_job", "sends", "events", "sessions", "rate_limits"} {
		var n int
		if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE "+table+"::text LIKE '%' || $1 || '%'", codeOf(link)).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows, %v", table, n, err)
		}
	}
	if strings.Contains(log.String(), codeOf(link)) || !strings.Contains(log.String(), "/d/…") {
		t.Errorf("the log says\n%s", log.String())
	}
	var kept int
	if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM sessions WHERE disown_hash IS NOT NULL").Scan(&kept); err != nil || kept != 1 {
		t.Errorf("%d sessions can be found by a short link: %v", kept, err)
	}
}

// A public URL that leaves no room.
func TestRC06_WithoutRoomAnSMSSaysWhatToDo(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.At("https://accounts.a-very-long-name-of-a-product.example.com"))
	ada := env.Person(adasAddress)
	signsUpWithBoth(env, ada, adasNumber)
	signsInWith(t, env, ada, chromeOnWindows)
	if text := env.AwaitMessage(adasNumber, 2).Text.Reveal(); strings.Contains(text, "/d/") || !strings.Contains(text, "Change your password") {
		t.Errorf("the SMS says %q", text)
	}
	linkIn(t, env.AwaitMessage(adasAddress, 2).Text.Reveal())
}

// A click on the notification leads to the page; it is shown on the devices that were there before.
func TestRC06_ANotificationLeadsToThePage(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	registers(t, env, ada, "adas-phone")
	stranger := *ada
	stranger.Tokens = signsInWith(t, env, ada, chromeOnWindows)
	registers(t, env, &stranger, "strangers-phone")
	shown := env.AwaitMessage(ada.User.GetId(), 1)
	env.AwaitJobs()
	if all, _ := env.Outbox.List(ada.User.GetId()); len(all) != 1 {
		t.Errorf("it is shown on %d devices", len(all))
	}
	if text := shown.Subject.Reveal() + shown.Text.Reveal(); strings.Contains(text, shown.Link.Reveal()) || strings.Contains(text, "http") {
		t.Errorf("a locked screen shows the link: %q", text)
	}
	link := linkIn(t, shown.Link.Reveal())
	if status, page := follows(t, env, link, false); status != http.StatusOK || !strings.Contains(page, "<form") {
		t.Errorf("a click leads to %d: %s", status, page)
	}
	stranger.SeesProfile()
	if status, _ := follows(t, env, link, true); status != http.StatusOK {
		t.Errorf("the button gives %d", status)
	}
	stranger.LosesSession(sessionRevoked)
	// Other notices have nothing to lead to.
	ada.ChangesPassword("Another-horse2")
	if shown := env.AwaitMessage(ada.User.GetId(), 2); !shown.Link.Empty() {
		t.Errorf("a click on %q leads to %s", shown.Subject.Reveal(), shown.Link.Reveal())
	}
}

// syncBuffer is a log that the test may read meanwhile.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps what is written.
func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
