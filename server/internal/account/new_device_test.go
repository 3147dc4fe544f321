package account_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	chromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	newerChrome     = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)

// signsInWith signs in on a device with such a user agent.
func signsInWith(t *testing.T, env *latchkeytest.Env, p *latchkeytest.Person, agent string) *latchkeyv1.Tokens {
	t.Helper()
	form, err := protojson.Marshal(&latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: p.Email}, Password: p.Password,
	})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+"/latchkey.v1.AuthService/SignIn", bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	// connect's client has a user agent of its own.
	request.Header.Set("User-Agent", agent)
	request.Header.Set("Content-Type", "application/json")
	response, err := env.HTTP.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := &latchkeyv1.SignInResponse{}
	if err := protojson.Unmarshal(text, answer); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s signs in: %d %s", p.Email, response.StatusCode, text)
	}
	return answer.GetTokens()
}

// linkIn finds the link in a mail.
func linkIn(t *testing.T, text string) *url.URL {
	t.Helper()
	for word := range strings.FieldsSeq(text) {
		if link, err := url.Parse(word); err == nil && link.Path == "/sessions/disown" {
			return link
		}
	}
	t.Fatalf("there is no link in %q", text)
	return nil
}

// follows opens a link as a browser does, and gives the page.
func follows(t *testing.T, env *latchkeytest.Env, link *url.URL, press bool) (status int, page string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.URL+link.RequestURI(), nil)
	if press {
		request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+link.Path, strings.NewReader(link.RawQuery))
	}
	if err != nil {
		t.Fatal(err)
	}
	if press {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := env.HTTP.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var text strings.Builder
	if err := answer.Write(&text); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, text.String()
}

func TestRC06_TheOwnerHearsOfASignInOnANewDeviceAndCanEndIt(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	// The device that ada signed up with is known.
	ada.SignsIn()
	registers(t, env, ada, "adas-phone")
	stranger := *ada
	stranger.Tokens = signsInWith(t, env, ada, chromeOnWindows)

	mail := env.AwaitMessage(ada.Mailbox, 2)
	if text := mail.Text.Reveal(); !strings.Contains(text, "Chrome on Windows") || !strings.Contains(text, "127.0.0.1") {
		t.Errorf("the mail says %q", text)
	}
	shown := env.AwaitMessage(ada.User.GetId(), 1)
	if !strings.Contains(shown.Text.Reveal(), "Chrome on Windows") || strings.Contains(shown.Text.Reveal(), "secret=") {
		t.Errorf("the phone shows %q", shown.Text.Reveal())
	}

	link := linkIn(t, mail.Text.Reveal())
	if origin := link.Scheme + "://" + link.Host; origin != latchkeytest.PublicURL {
		t.Errorf("RC-04: the link leads to %s", origin)
	}
	// Looking at the link, as mail programs do by themselves, ends nothing.
	if status, page := follows(t, env, link, false); status != http.StatusOK || !strings.Contains(page, "<form") {
		t.Errorf("the link gives %d: %s", status, page)
	}
	stranger.SeesProfile()
	if status, page := follows(t, env, link, true); status != http.StatusOK || strings.Contains(page, "<form") {
		t.Errorf("the button gives %d: %s", status, page)
	}
	stranger.LosesSession(sessionRevoked)
	ada.SeesProfile()
	if events := ada.Activity(); events[0] != "session_disowned" {
		t.Errorf("the activity list says %v", events)
	}

	// What its owner has reported is no known device.
	signsInWith(t, env, ada, chromeOnWindows)
	env.AwaitMessage(ada.Mailbox, 3)

	// A second time, and with what is no secret, it does nothing, and does not say that it has.
	for query, want := range map[string]int{
		link.RawQuery: http.StatusOK, "secret=": http.StatusNotFound, "secret=zqx": http.StatusNotFound, "": http.StatusNotFound,
		"secret=%00%ff": http.StatusNotFound, "secret=" + strings.Repeat("A", 3000): http.StatusNotFound,
	} {
		link := &url.URL{Path: link.Path, RawQuery: query}
		if status, page := follows(t, env, link, true); status != want || strings.Contains(page, "<form") || strings.Contains(page, signedOut) {
			t.Errorf("%.40q gives %d", query, status)
		}
	}
	if status, _ := follows(t, env, &url.URL{Path: link.Path, RawQuery: "secret=" + strings.Repeat("A", 10000)}, true); status != http.StatusBadRequest {
		t.Errorf("a huge form gives %d", status)
	}
	ada.SeesProfile()
}

func TestRC06_KnownDevicesAreNoNews(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	signsInWith(t, env, ada, chromeOnWindows)
	env.AwaitMessage(ada.Mailbox, 2)
	// Neither is an update of the browser.
	signsInWith(t, env, ada, chromeOnWindows)
	signsInWith(t, env, ada, newerChrome)
	ada.SignsIn()
	env.AwaitJobs()
	if messages, _ := env.Outbox.List(ada.Mailbox); len(messages) != 2 {
		t.Errorf("%d messages were sent", len(messages))
	}
}

// What a client calls itself is stored, and printed in no message and no list.
func TestIN07_AUserAgentIsPrintedNowhere(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	signsUpWithBoth(env, ada, adasNumber)
	registers(t, env, ada, "adas-phone")
	for _, agent := range []string{
		"www.evil-bank.example", "evil-bank.example/1.0 (call 02-123-4567)", "Mozilla/5.0 (Linux; Android 14; www.evil-bank.example) Chrome/131.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) evil-bank.example/131.0.0.0 Safari/537.36",
	} {
		signsInWith(t, env, ada, agent)
	}
	env.AwaitJobs()
	messages, _ := env.Outbox.List("")
	if len(messages) < 5 {
		t.Errorf("only %d messages were sent", len(messages))
	}
	for _, m := range messages {
		for _, text := range []string{m.Subject.Reveal(), m.Text.Reveal(), m.HTML.Reveal()} {
			if strings.Contains(text, "evil-bank") || strings.Contains(text, "123-4567") {
				t.Errorf("%s to %s says %q", m.Channel, m.To, text)
			}
		}
	}
	activity, err := env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := env.Account.ListSessions(ada.As(), &latchkeyv1.ListSessionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if text := activity.String() + sessions.String(); strings.Contains(text, "evil-bank") || !strings.Contains(text, "Unknown device") {
		t.Errorf("the lists say %s", text)
	}
}

func TestLG01_TheLinkStandsInNoRow(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	signsInWith(t, env, ada, chromeOnWindows)
	link := linkIn(t, env.AwaitMessage(ada.Mailbox, 2).Text.Reveal())
	for _, table := range []string{"river_job", "sends", "events", "sessions"} {
		var n int
		if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE "+table+"::text LIKE '%' || $1 || '%'",
			link.Query().Get("secret")).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows, %v", table, n, err)
		}
	}
}

func TestX9_AdministratorsSendNotificationsToEveryDevice(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin, ada := env.Administrator("admin@example.com"), env.Person("ada@example.com")
	ada.SignsUp()
	registers(t, env, ada, "adas-phone")
	twin := *ada
	twin.SignsIn()
	registers(t, env, &twin, "adas-tablet")

	message := &latchkeyv1.SendPushRequest{UserId: ada.User.GetId(), Title: "주문", Body: "Your order <1> is ready.", Data: map[string]string{"order": "1"}}
	sent, err := env.Admin.SendPush(admin.As(), message)
	if err != nil || sent.GetDevices() != 2 {
		t.Fatalf("SendPush = %v, %v", sent, err)
	}
	shown := env.AwaitMessage(ada.User.GetId(), 2)
	if shown.Subject.Reveal() != "주문" || shown.Text.Reveal() != "Your order <1> is ready." || string(shown.Channel) != "push" {
		t.Errorf("shown is %+v", shown)
	}
	// A device goes with its session.
	if _, err := env.Account.SignOut(twin.As(), &latchkeyv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}
	if sent, err := env.Admin.SendPush(admin.As(), message); err != nil || sent.GetDevices() != 1 {
		t.Errorf("SendPush = %v, %v", sent, err)
	}
	message.UserId = admin.User.GetId()
	if sent, err := env.Admin.SendPush(admin.As(), message); err != nil || sent.GetDevices() != 0 {
		t.Errorf("to nobody's device: %v, %v", sent, err)
	}
	message.UserId = "usr_00000000000000000000000000"
	_, err = env.Admin.SendPush(admin.As(), message)
	env.Refused(err, latchkeyv1.Reason_REASON_NOT_FOUND)
}

func TestX9_SupportSeesAnAccountWithItsSessionsAndSends(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin, ada := env.Administrator("admin@example.com"), env.Person("ada@example.com")
	ada.SignsUp()
	registers(t, env, ada, "adas-phone")
	if _, err := env.Admin.SendPush(admin.As(), &latchkeyv1.SendPushRequest{UserId: ada.User.GetId(), Title: "Hello", Body: "zqx"}); err != nil {
		t.Fatal(err)
	}
	env.AwaitJobs()

	seen, err := env.Admin.GetUser(admin.As(), &latchkeyv1.GetUserRequest{UserId: ada.User.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if seen.GetUser().GetEmail() != ada.Mailbox || len(seen.GetSessions()) != 1 || seen.GetSessions()[0].GetCurrent() {
		t.Errorf("seen is %v", seen)
	}
	var kinds []string
	for _, send := range seen.GetSends() {
		kinds = append(kinds, send.GetKind()+" by "+send.GetChannel()+" is "+send.GetState())
		if send.GetTries() != 1 || send.GetProvider() != "outbox" || send.GetQueuedAt() == nil || send.GetEndedAt() == nil {
			t.Errorf("a send is %v", send)
		}
	}
	slices.Sort(kinds)
	if want := []string{"code by email is sent", "message by push is sent"}; !slices.Equal(kinds, want) {
		t.Errorf("sent was %v, want %v", kinds, want)
	}
	if strings.Contains(seen.String(), "zqx") {
		t.Errorf("the words are kept: %v", seen)
	}
	_, err = env.Admin.GetUser(admin.As(), &latchkeyv1.GetUserRequest{UserId: "usr_00000000000000000000000000"})
	env.Refused(err, latchkeyv1.Reason_REASON_NOT_FOUND)
}

// ID-09: of a deleted account nothing is left, in what was sent to it either.
func TestID09_SendsGoWithTheAccount(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.AwaitJobs()
	if _, err := env.Account.DeleteAccount(ada.As(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM sends").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d sends are left, %v", n, err)
	}
}
