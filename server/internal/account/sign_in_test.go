package account_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const credentialsInvalid = latchkeyv1.Reason_REASON_CREDENTIALS_INVALID

func TestSignIn(t *testing.T) {
	t.Parallel()

	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"SE01_ANewSessionEachTime":          storySignIn,
		"ID02_EverySpellingMeetsTheSame":    storySpellings,
		"ID08_UnknownAnswersLikeWrong":      storyUnknownAnswersLikeWrong,
		"ErrAPasswordIsTakenByTheLetter":    storyPasswordByTheLetter,
		"ID09_ADeletedAccountSignsNobodyIn": storyDeleted,
	})
}

func storySignIn(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	first := ada.Tokens
	ada.SignsIn()
	if ada.SeesProfile().GetEmail() != "ada@example.com" {
		t.Errorf("the profile: %v", ada.User)
	}
	if first.GetAccessToken() == ada.Tokens.GetAccessToken() || first.GetRefreshToken() == ada.Tokens.GetRefreshToken() {
		t.Error("two sign-ins give the same tokens")
	}
}

func storySpellings(t *testing.T, env *latchkeytest.Env) {
	grace := env.Person("grace@bücher.example")
	grace.Mailbox = "grace@xn--bcher-kva.example"
	grace.SignsUp()
	id := grace.User.GetId()
	for _, spelling := range []string{
		"GRACE@BÜCHER.EXAMPLE", "Grace@xn--bcher-kva.example", " grace@bücher.example ", "ｇｒａｃｅ@bücher.example", "grace@bu\u0308cher.example",
	} {
		grace.Email = spelling
		if got := grace.SignsIn().GetUser().GetId(); got != id {
			t.Errorf("%q signs %s in", spelling, got)
		}
	}
}

// post sends a body, and returns the response without what differs from call to call.
func post(t *testing.T, env *latchkeytest.Env, body string) (status int, header http.Header, text string) {
	t.Helper()
	answer, err := env.HTTP.Post(env.URL+"/latchkey.v1.AuthService/SignIn", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	request := answer.Header.Get("X-Request-Id")
	if request == "" || !strings.Contains(string(data), request) {
		t.Errorf("no request id in %s", data)
	}
	// The detail is listed twice: readable, and as the bytes of the message, where the id is encoded along.
	var parsed struct {
		Code    string
		Message string
		Details []struct {
			Type  string
			Debug json.RawMessage
			Value string
		}
	}
	if err := json.Unmarshal(data, &parsed); err != nil {
		t.Fatal(err)
	}
	for i := range parsed.Details {
		parsed.Details[i].Value = strings.Repeat("v", len(parsed.Details[i].Value))
	}
	again, err := json.Marshal(parsed)
	if err != nil {
		t.Fatal(err)
	}
	answer.Header.Del("X-Request-Id")
	answer.Header.Del("Date")
	return answer.StatusCode, answer.Header, strings.ReplaceAll(string(again), request, "")
}

func storyUnknownAnswersLikeWrong(t *testing.T, env *latchkeytest.Env) {
	form := env.Person("known@example.com")
	request := form.Form(form.ProvesEmail(signUp))
	request.Phone = "010-9999-0000" // entered, and proven by no account
	form.SendsForm(request)

	wantStatus, wantHeader, wantText := post(t, env, `{"email":"known@example.com","password":"Wrong-horse1"}`)
	if wantStatus != http.StatusUnauthorized || !strings.Contains(wantText, "CREDENTIALS_INVALID") {
		t.Errorf("a wrong password: %d %s", wantStatus, wantText)
	}
	for name, body := range map[string]string{
		"unknown address":  `{"email":"nobody@example.com","password":"Wrong-horse1"}`,
		"unknown number":   `{"phone":"010-8888-0000","password":"Wrong-horse1"}`,
		"unproven number":  `{"phone":"010-9999-0000","password":"` + latchkeytest.Password + `"}`,
		"against policy":   `{"email":"known@example.com","password":"x"}`,
		"the longest":      `{"email":"nobody@example.com","password":"` + strings.Repeat("x", 128) + `"}`,
		"the longest real": `{"email":"known@example.com","password":"` + strings.Repeat("x", 128) + `"}`,
	} {
		status, header, text := post(t, env, body)
		if status != wantStatus {
			t.Errorf("%s: status %d, want %d", name, status, wantStatus)
		}
		if diff := cmp.Diff(wantHeader, header); diff != "" {
			t.Errorf("%s: headers (-wrong +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(wantText, text); diff != "" {
			t.Errorf("%s: body (-wrong +got):\n%s", name, diff)
		}
	}
}

func storyPasswordByTheLetter(_ *testing.T, env *latchkeytest.Env) {
	letter := env.Person("letter@example.com")
	letter.SignsUp()
	for _, other := range []string{
		strings.ToUpper(latchkeytest.Password), latchkeytest.Password + " ", " " + latchkeytest.Password,
		latchkeytest.Password[:len(latchkeytest.Password)-1], latchkeytest.Password + "1",
	} {
		letter.SignsInFails(other, credentialsInvalid)
	}
	letter.SignsIn()
}

func storyDeleted(t *testing.T, env *latchkeytest.Env) {
	gone := env.Person("gone@example.com")
	gone.SignsUp()
	if _, err := env.DB.Exec(t.Context(), "DELETE FROM users WHERE email = $1", gone.Email); err != nil {
		t.Fatal(err)
	}
	gone.SignsInFails(gone.Password, credentialsInvalid)
	env.SeesProfileFails("Bearer "+gone.Tokens.GetAccessToken(), latchkeyv1.Reason_REASON_SESSION_REVOKED)
}

func TestID03_EverySpellingOfANumberSignsIn(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t, rules(account.Optional, account.Verified))
	ada := env.Person("")
	form := &latchkeyv1.SignUpRequest{
		Phone: "010-1234-5678", Name: "Ada", Nickname: "ada", Password: latchkeytest.Password, Role: "trainee",
		VerificationIds: []string{env.ProvesPhone(number, signUp)},
	}
	ada.SendsForm(form)
	for _, spelling := range []string{"01012345678", "+82 10-1234-5678", "+82 010 1234 5678", "010.1234.5678", "０１０－１２３４－５６７８", "82-10-1234-5678"} {
		answer, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Phone{Phone: spelling}, Password: latchkeytest.Password,
		})
		if err != nil || answer.GetUser().GetId() != ada.User.GetId() {
			t.Errorf("%q: %v", spelling, err)
		}
	}
}

// A second server with other settings, on the same database: what a team does when it changes the hash.
func TestPW06_AStaleHashIsReplacedAtSignIn(t *testing.T) {
	t.Parallel()

	old := latchkeytest.New(t, latchkeytest.WithBcrypt())
	ada := old.Person("ada@example.com")
	ada.SignsUp()
	hash := func() (hash string) {
		if err := old.DB.QueryRow(t.Context(), "SELECT hash FROM passwords").Scan(&hash); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	first := hash()
	if !strings.HasPrefix(first, "$2b$") {
		t.Fatalf("the first hash is %.10s", first)
	}

	// It checks a hash of bcrypt once.
	current := latchkeytest.New(t, latchkeytest.WithBcrypt(), latchkeytest.OnDB(old.DB),
		latchkeytest.With(func(s *settings.Settings) { s.Passwords.Algorithm = password.Argon2id }))
	there := current.Person("ada@example.com")
	there.SignsIn()
	second := hash()
	if !strings.HasPrefix(second, "$argon2id$") {
		t.Errorf("the second hash is %.10s", second)
	}
	there.SignsIn()
	if hash() != second {
		t.Error("a current hash was replaced")
	}
	there.SignsInFails("Wrong-horse1", credentialsInvalid)
}
