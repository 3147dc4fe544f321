package account_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// log keeps what many goroutines write.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// dump returns every row of every table, including the job queue's.
func dump(t *testing.T, env *latchkeytest.Env) string {
	t.Helper()
	column := func(query string) []string {
		rows, err := env.DB.Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return texts
	}
	var all strings.Builder
	for _, table := range column("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'") {
		for _, row := range column("SELECT row_to_json(r)::text FROM " + table + " r") {
			fmt.Fprintf(&all, "%s %s\n", table, row)
		}
	}
	return all.String()
}

func TestOT09_NoSecretIsAtRestOrInTheLog(t *testing.T) {
	t.Parallel()

	const master = "the master secret of the test of leaks"
	var written log
	env := latchkeytest.New(t, latchkeytest.WithMaster(master),
		latchkeytest.LogTo(slog.NewTextHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug})))
	secrets, codes := map[string]string{"the master secret": master}, map[string]string{}

	ada := env.Person("ada@example.com")
	first := ada.AsksForCode(signUp)
	secrets["a replaced verification"], codes["a replaced code"] = first.GetVerificationId(), ada.ReadsCode()
	env.Clock.Advance(time.Minute)
	second := ada.AsksForCode(signUp)
	secrets["a verification"], codes["a code"] = second.GetVerificationId(), ada.ReadsCode()
	ada.EntersCodeFails(first.GetVerificationId(), codes["a replaced code"], latchkeyv1.Reason_REASON_CODE_SPENT)
	codes["a wrong code"] = "918273"
	ada.EntersCodeFails(second.GetVerificationId(), codes["a wrong code"], latchkeyv1.Reason_REASON_CODE_MISMATCH)
	ada.EntersCode(second.GetVerificationId(), codes["a code"])
	weak := ada.Form(second.GetVerificationId())
	weak.Password = "sesame-street"
	secrets["a refused password"] = weak.Password
	ada.SendsFormFails(weak, latchkeyv1.Reason_REASON_PASSWORD_POLICY)
	ada.SendsForm(ada.Form(second.GetVerificationId()))
	secrets["the password"] = ada.Password
	tokens := func(name string, tokens *latchkeyv1.Tokens) {
		for kind, text := range map[string]string{"access": tokens.GetAccessToken(), "refresh": tokens.GetRefreshToken()} {
			// Also without its header: the signature makes it a token.
			secrets[name+" "+kind+" token's claims"] = strings.Split(text, ".")[1]
			secrets[name+" "+kind+" token's signature"] = strings.Split(text, ".")[2]
		}
	}
	tokens("the first", ada.Tokens)
	ada.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	secrets["a wrong password"] = "Wrong-horse1"
	ada.SignsIn()
	tokens("the second", ada.Tokens)
	ada.SeesProfile()
	env.SeesProfileFails("Bearer "+ada.Tokens.GetAccessToken()+"x", latchkeyv1.Reason_REASON_TOKEN_INVALID)
	env.SeesProfileFails("Bearer "+ada.Tokens.GetRefreshToken(), latchkeyv1.Reason_REASON_TOKEN_INVALID)
	env.AwaitJobs()

	places := map[string]string{"the database": dump(t, env), "the log": written.String()}
	// The controls: both are read, and hold what they should.
	if !strings.Contains(places["the database"], "ada@example.com") || !strings.Contains(places["the database"], "river_job ") {
		t.Errorf("the dump is not one:\n%s", places["the database"])
	}
	if !strings.Contains(places["the log"], "/latchkey.v1.AuthService/SignUp") {
		t.Errorf("the log is not one:\n%s", places["the log"])
	}
	for where, text := range places {
		for name, secret := range secrets {
			for how, form := range spellings(secret) {
				if strings.Contains(text, form) {
					t.Errorf("%s stands in %s, %s", name, where, how)
				}
			}
		}
		for name, code := range codes {
			// Six digits can stand within a longer number, or behind the point of a time, by chance.
			if found := regexp.MustCompile(`[^0-9A-Za-z.]` + code + `[^0-9A-Za-z]`).FindString(text); found != "" {
				t.Errorf("%s stands in %s: %s", name, where, found)
			}
			// A hash of six digits is as good as the digits.
			sum := sha256.Sum256([]byte(code))
			if strings.Contains(text, hex.EncodeToString(sum[:])) {
				t.Errorf("the bare hash of %s stands in %s", name, where)
			}
		}
	}
}

func spellings(secret string) map[string]string {
	return map[string]string{
		"in clear": secret, "in hexadecimal": hex.EncodeToString([]byte(secret)),
		"in base64": base64.RawStdEncoding.EncodeToString([]byte(secret)),
	}
}
