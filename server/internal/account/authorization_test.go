package account_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	authService    = "/latchkey.v1.AuthService/"
	accountService = "/latchkey.v1.AccountService/"
)

// answer is what comes over the wire.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// send posts a body as it is; without a token when that is empty.
func send(env *latchkeytest.Env, path, token, body string) answer {
	env.T.Helper()
	request, err := http.NewRequestWithContext(env.T.Context(), http.MethodPost, env.URL+path, strings.NewReader(body))
	if err != nil {
		env.T.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	got, err := env.HTTP.Do(request)
	if err != nil {
		env.T.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		env.T.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, data}
}

// object reads a JSON object.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(a.Body, &object); err != nil || a.Status != http.StatusOK {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return object
}

// reason tells why a call was refused.
func (a answer) reason() string {
	var refusal struct {
		Details []struct{ Debug struct{ Reason string } }
	}
	if json.Unmarshal(a.Body, &refusal) != nil || len(refusal.Details) == 0 {
		return ""
	}
	return strings.TrimPrefix(refusal.Details[0].Debug.Reason, "REASON_")
}

// notOffered are members that no request has, in both spellings of JSON.
func notOffered(victim string) map[string]any {
	const long, when = "1999-01-01T00:00:00Z", "2001-02-03T04:05:06Z"
	return map[string]any{
		"id": victim, "userId": victim, "user_id": victim, "accountId": victim, "sub": victim,
		"emailVerified": true, "email_verified": true, "emailVerifiedAt": when, "email_verified_at": when,
		"phoneVerified": true, "phone_verified": true, "phoneVerifiedAt": when, "phone_verified_at": when,
		"createdAt": long, "created_at": long, "updatedAt": long, "updated_at": long,
		"disabledAt": when, "disabled_at": when, "nicknameKey": "zqx", "nickname_key": "zqx",
		"hash": "zqx", "passwordHash": "zqx", "tokens": map[string]any{}, "permissions": []string{"*"}, "isAdmin": true,
		"user": map[string]any{"id": victim, "role": "admin", "emailVerified": true},
	}
}

func encode(t *testing.T, members ...map[string]any) string {
	t.Helper()
	all := map[string]any{}
	for _, m := range members {
		maps.Copy(all, m)
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// stored gives a row of users as it is, without what a change may move.
func stored(env *latchkeytest.Env, user string) (row map[string]any) {
	env.T.Helper()
	var data []byte
	if err := env.DB.QueryRow(env.T.Context(), "SELECT to_jsonb(users) FROM users WHERE nickname = $1", user).Scan(&data); err != nil {
		env.T.Fatal(err)
	}
	if err := json.Unmarshal(data, &row); err != nil {
		env.T.Fatal(err)
	}
	return row
}

func TestAZ03_WritingReachesOnlyWhatIsOffered(t *testing.T) {
	t.Parallel()

	t.Run("SignUp", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t)
		victim := env.Person("victim@example.com")
		victim.SignsUp()
		before := stored(env, "victim")
		ada := env.Person(adasAddress)
		from := time.Now().Add(-time.Hour)

		user := send(env, authService+"SignUp", "", encode(t, notOffered(victim.User.GetId()), map[string]any{
			"email": ada.Email, "phone": adasNumber, "name": "Ada", "nickname": "ada", "password": ada.Password,
			"role": "trainee", "verificationIds": []string{ada.ProvesEmail(signUp)},
		})).object(t)["user"].(map[string]any)
		if user["id"] == victim.User.GetId() || user["phoneVerified"] != false || user["emailVerified"] != true || user["role"] != "trainee" {
			t.Errorf("the account is %v", user)
		}
		row := stored(env, "ada")
		if row["phone_verified_at"] != nil || row["disabled_at"] != nil || row["nickname_key"] != "ada" || row["role"] != "trainee" {
			t.Errorf("the row is %v", row)
		}
		for _, column := range []string{"created_at", "updated_at", "email_verified_at"} {
			at, err := time.Parse(time.RFC3339, row[column].(string))
			if err != nil || at.Before(from) {
				t.Errorf("%s is %v", column, row[column])
			}
		}
		if diff := cmp.Diff(before, stored(env, "victim")); diff != "" {
			t.Errorf("somebody else's account (-before +after):\n%s", diff)
		}
	})

	t.Run("SignUpWithoutAProof", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t)
		got := send(env, authService+"SignUp", "", encode(t, notOffered(""), map[string]any{
			"email": adasAddress, "name": "Ada", "nickname": "ada", "password": latchkeytest.Password, "role": "trainee",
		}))
		if got.reason() != "VERIFICATION_REQUIRED" || env.Rows("users")["users"] != 0 {
			t.Errorf("a sign-up that says it is verified: %d %s", got.Status, got.Body)
		}
	})

	t.Run("UpdateProfile", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t)
		ada, victim := env.Person(adasAddress), env.Person("victim@example.com")
		form := ada.Form(ada.ProvesEmail(signUp))
		form.Phone = adasNumber
		ada.SendsForm(form)
		victim.SignsUp()
		before, others := stored(env, "ada"), stored(env, "victim")

		send(env, accountService+"UpdateProfile", ada.Tokens.GetAccessToken(), encode(t, notOffered(victim.User.GetId()), map[string]any{
			"name": "Countess", "role": "admin", "email": newAddress, "phone": newNumber, "password": "Another-horse2",
			"updateMask": "role,emailVerified,id", "update_mask": map[string]any{"paths": []string{"role"}},
		})).object(t)

		after := stored(env, "ada")
		if at, err := time.Parse(time.RFC3339, after["updated_at"].(string)); err != nil || time.Since(at) > time.Hour {
			t.Errorf("updated_at is %v", after["updated_at"])
		}
		before["name"], before["updated_at"] = "Countess", after["updated_at"]
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("the account (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(others, stored(env, "victim")); diff != "" {
			t.Errorf("somebody else's account (-before +after):\n%s", diff)
		}
		ada.SignsIn()
	})
}

func TestAZ02_NobodyReachesAnotherAccount(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person(adasAddress), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	ada.SignsIn()
	ada.SignsIn()
	token, before := bob.Tokens.GetAccessToken(), stored(env, "ada")
	whose := encode(t, notOffered(ada.User.GetId()))

	// Whatever Bob says, the answers are about Bob.
	page, err := env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{PageSize: 1})
	if err != nil || page.GetNextPageToken() == "" {
		t.Fatal(page, err)
	}
	if got := send(env, accountService+"ListActivity", token, `{"pageToken":"`+page.GetNextPageToken()+`"}`); got.reason() != "INVALID_FIELDS" {
		t.Errorf("another's page token: %d %s", got.Status, got.Body)
	}
	for _, method := range []string{"GetProfile", "ListActivity"} {
		got := send(env, accountService+method, token, whose)
		if got.Status != http.StatusOK || strings.Contains(string(got.Body), ada.User.GetId()) || strings.Contains(string(got.Body), adasAddress) {
			t.Errorf("%s: %d %s", method, got.Status, got.Body)
		}
	}
	if list := send(env, accountService+"ListActivity", token, whose).object(t)["activity"].([]any); len(list) != 1 {
		t.Errorf("Bob has done one thing, and sees %v", list)
	}
	send(env, accountService+"UpdateProfile", token, encode(t, notOffered(ada.User.GetId()), map[string]any{"name": "Bob II"})).object(t)
	send(env, accountService+"ChangePassword", token, encode(t, notOffered(ada.User.GetId()), map[string]any{
		"currentPassword": bob.Password, "newPassword": "Another-horse2",
	})).object(t)
	if diff := cmp.Diff(before, stored(env, "ada")); diff != "" {
		t.Errorf("Ada's account (-before +after):\n%s", diff)
	}
	send(env, accountService+"DeleteAccount", token, encode(t, notOffered(ada.User.GetId()))).object(t)
	if env.Rows("users")["users"] != 1 {
		t.Error("Bob's deletion has deleted another account than his")
	}
	ada.SeesProfile()
	ada.SignsIn()
	if diff := cmp.Diff([]string{"signed_in", "signed_in", "signed_in", "signed_up"}, ada.Activity()); diff != "" {
		t.Errorf("Ada's activity (-want +got):\n%s", diff)
	}
	bob.LosesSession(sessionRevoked)
}

// The contract leaves no room for it: no request of AccountService says whose account is meant, at any depth.
func TestAZ02_NoRequestNamesAUser(t *testing.T) {
	t.Parallel()
	methods := latchkeyv1.File_latchkey_v1_account_service_proto.Services().ByName("AccountService").Methods()
	if methods.Len() == 0 {
		t.Fatal("there are no methods")
	}
	refused := []protoreflect.Name{
		"id", "user", "user_id", "account", "account_id", "owner", "owner_id", "sub", "subject", "role", "email_verified",
		"phone_verified", "created_at", "updated_at", "disabled_at",
	}
	for i := range methods.Len() {
		method := methods.Get(i)
		for _, path := range fieldsOf(method.Input(), map[protoreflect.FullName]bool{}) {
			if slices.Contains(refused, path.Name()) {
				t.Errorf("%s takes %s", method.Name(), path.FullName())
			}
		}
	}
}

func fieldsOf(m protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) []protoreflect.FieldDescriptor {
	if seen[m.FullName()] {
		return nil
	}
	seen[m.FullName()] = true
	var all []protoreflect.FieldDescriptor
	for i := range m.Fields().Len() {
		field := m.Fields().Get(i)
		all = append(all, field)
		if field.Message() != nil {
			all = append(all, fieldsOf(field.Message(), seen)...)
		}
	}
	return all
}

func TestAZ04_AnswersCarryOnlyWhatIsNeeded(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	byMail, byPhone := ada.ProvesEmail(signUp), env.ProvesPhone(adasNumber, signUp)
	signedUp := send(env, authService+"SignUp", "", encode(t, map[string]any{
		"email": ada.Email, "phone": adasNumber, "name": "Ada", "nickname": "ada", "password": ada.Password, "role": "trainee",
		"verificationIds": []string{byMail, byPhone},
	}))
	ada.SignsInFails("Wrong-horse1", credentialsInvalid)
	signedIn := send(env, authService+"SignIn", "", encode(t, map[string]any{"email": ada.Email, "password": ada.Password}))
	ada.SignsIn()
	token := ada.Tokens.GetAccessToken()

	user := []string{
		"createdAt", "email", "emailVerified", "id", "locale", "name", "nickname", "phone", "phoneVerified", "role", "updatedAt",
	}
	tokens := []string{"accessExpiresAt", "accessToken", "refreshExpiresAt", "refreshToken"}
	entry := []string{"at", "device", "event", "id", "ip", "sessionId"}
	for name, c := range map[string]struct {
		got  answer
		want map[string][]string
	}{
		"SignUp":        {signedUp, map[string][]string{"": {"tokens", "user"}, "user": user, "tokens": tokens}},
		"SignIn":        {signedIn, map[string][]string{"": {"tokens", "user"}, "user": user, "tokens": tokens}},
		"GetProfile":    {send(env, accountService+"GetProfile", token, "{}"), map[string][]string{"": {"user"}, "user": user}},
		"UpdateProfile": {send(env, accountService+"UpdateProfile", token, "{}"), map[string][]string{"": {"user"}, "user": user}},
		"ListActivity":  {send(env, accountService+"ListActivity", token, "{}"), map[string][]string{"": {"activity", "nextPageToken"}, "activity": entry}},
		"ChangePassword": {send(env, accountService+"ChangePassword", token, encode(t, map[string]any{
			"currentPassword": ada.Password, "newPassword": "Another-horse2",
		})), map[string][]string{"": {}}},
	} {
		got := map[string][]string{}
		members("", c.got.object(t), got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, secret := range []string{"$argon2", "$2", "argon2id", "hash", "total", "count", "attempts", latchkeytest.Password} {
			if bytes.Contains(bytes.ToLower(c.got.Body), []byte(strings.ToLower(secret))) {
				t.Errorf("%s holds %q: %s", name, secret, c.got.Body)
			}
		}
	}
}

// members notes which members the objects of an answer have, by where they stand.
func members(at string, value any, found map[string][]string) {
	switch v := value.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		if names == nil {
			names = []string{}
		}
		found[at] = names
		for name, member := range v {
			members(name, member, found)
		}
	case []any:
		for _, item := range v {
			members(at, item, found)
		}
	}
}

// lives fills the activity list with so many entries more.
func lives(env *latchkeytest.Env, nickname string, entries int) {
	env.T.Helper()
	if _, err := env.DB.Exec(env.T.Context(), `INSERT INTO events (id, user_id, type, at, ip, user_agent)
		SELECT gen_random_uuid(), users.id, 'signed_in', now(), '127.0.0.1', 'test' FROM users, generate_series(1, $2)
		WHERE nickname = $1`, nickname, entries); err != nil {
		env.T.Fatal(err)
	}
}

func TestIN04_ListsAreBounded(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	const entries = 1234
	lives(env, "ada", entries-1)

	for _, c := range []struct{ size, first, pages int }{{0, 20, 62}, {100, 100, 13}, {1, 1, 40}, {7, 7, 40}} {
		seen, token, pages := map[string]bool{}, "", 0
		for {
			page, err := env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{PageSize: int32(c.size), PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page.GetActivity() {
				if seen[a.GetId()] {
					t.Fatalf("with pages of %d, %s comes twice", c.size, a.GetId())
				}
				seen[a.GetId()] = true
			}
			pages++
			token = page.GetNextPageToken()
			if token == "" || pages == c.pages {
				break
			}
			if len(page.GetActivity()) != c.first {
				t.Errorf("with a size of %d, page %d has %d entries", c.size, pages, len(page.GetActivity()))
			}
		}
		if want := min(entries, c.first*c.pages); len(seen) != want || pages != c.pages {
			t.Errorf("with a size of %d there are %d entries in %d pages, want %d", c.size, len(seen), pages, want)
		}
		if (token == "") != (c.first*c.pages >= entries) {
			t.Errorf("with a size of %d, after page %d the next token is %q", c.size, pages, token)
		}
	}
}

func TestIN05_NumbersAtTheEdges(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	lives(env, "ada", 200)

	const refused = -1
	for text, want := range map[string]int{
		"0": 20, "null": 20, "-0": 20, "1": 1, "100": 100, `"10"`: 10, "1e2": 100, "1.0": 1, "10e-1": 1,
		"101": refused, "-1": refused, "2147483647": refused, "-2147483648": refused,
		"2147483648": refused, "-2147483649": refused, "4294967297": refused, "9223372036854775808": refused,
		"18446744073709551617": refused, "1e400": refused, "1.5": refused, `"1.5"`: refused, `""`: refused, `"ten"`: refused,
		`" 10"`: refused, `"NaN"`: refused, `"Infinity"`: refused, "true": refused, "[]": refused, "{}": refused, "[1]": refused,
		"NaN": refused, "0x10": refused, "010": refused, "+1": refused, "1_0": refused,
	} {
		for _, member := range []string{"pageSize", "page_size"} {
			got := send(env, accountService+"ListActivity", ada.Tokens.GetAccessToken(), fmt.Sprintf(`{%q:%s}`, member, text))
			if want == refused {
				if got.Status != http.StatusBadRequest || got.reason() != "INVALID_FIELDS" {
					t.Errorf("%s of %s: %d %s", member, text, got.Status, got.Body)
				}
				continue
			}
			if n := len(got.object(t)["activity"].([]any)); n != want {
				t.Errorf("%s of %s: %d entries, want %d", member, text, n, want)
			}
		}
	}
}
