package account_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// answered runs n calls at once and counts their answers.
func answered(t *testing.T, n int, call func(i int) error) map[latchkeyv1.Reason]int {
	t.Helper()
	reasons := make([]latchkeyv1.Reason, n)
	var group sync.WaitGroup
	// As many at once as a pool serves: on a busy machine, more of them would wait for a connection until they are refused.
	places := make(chan struct{}, 20)
	for i := range n {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			err := call(i)
			reasons[i] = latchkeytest.Detail(err).GetReason()
			if err != nil && reasons[i] == success {
				t.Errorf("a call failed: %v", err)
			}
		})
	}
	group.Wait()
	counts := map[latchkeyv1.Reason]int{}
	for _, reason := range reasons {
		counts[reason]++
	}
	return counts
}

// written counts the rows that tell of an account: those of its list, and those that every replica reads.
func written(env *latchkeytest.Env, p *latchkeytest.Person) map[string]int {
	env.T.Helper()
	counts := map[string]int{}
	for _, table := range []string{"events", "revocations"} {
		var n int
		if err := env.DB.QueryRow(env.T.Context(),
			"SELECT count(*) FROM "+table+" t JOIN users ON users.id = t.user_id WHERE users.email = $1", p.Mailbox).Scan(&n); err != nil {
			env.T.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

// spends counts n tries of a budget as made, in the window that is open.
func spends(env *latchkeytest.Env, budget string, n int) {
	env.T.Helper()
	if _, err := env.DB.Exec(env.T.Context(), "UPDATE rate_limits SET count = count + $2 WHERE budget = $1", budget, n); err != nil {
		env.T.Fatal(err)
	}
}

func TestRL02_AProfileChangesSixtyTimesAnHour(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	grace := env.Person("grace@example.com")
	grace.SignsUp()
	before := written(env, grace)
	update := func(i int) error {
		name := fmt.Sprintf("Grace %d", i)
		_, err := env.Account.UpdateProfile(grace.As(), &latchkeyv1.UpdateProfileRequest{Name: &name})
		return err
	}
	outcomes := answered(t, 120, update)
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 60, tooManyAttempts: 60}, outcomes); diff != "" {
		t.Error(diff)
	}
	after := written(env, grace)
	if diff := cmp.Diff(map[string]int{"events": before["events"] + 60, "revocations": before["revocations"] + 60}, after); diff != "" {
		t.Error(diff)
	}
	if wait := env.Refused(update(150), tooManyAttempts).GetRetryAfter().AsDuration(); wait <= 0 || wait > time.Hour {
		t.Errorf("the wait is %v", wait)
	}
	env.Clock.Advance(time.Hour)
	if err := update(151); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestACallThatChangesNothingWritesNothing(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	edith := env.Person("edith@example.com")
	edith.SignsUp()
	before, user := written(env, edith), edith.SeesProfile()
	for range 70 {
		answer, err := env.Account.UpdateProfile(edith.As(), &latchkeyv1.UpdateProfileRequest{
			Name: &user.Name, Nickname: &user.Nickname, Locale: &user.Locale,
		})
		if err != nil {
			t.Fatal(err)
		}
		if !answer.GetUser().GetUpdatedAt().AsTime().Equal(user.GetUpdatedAt().AsTime()) {
			t.Fatal("the account was changed")
		}
	}
	if _, err := env.Account.UpdateProfile(edith.As(), &latchkeyv1.UpdateProfileRequest{}); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(before, written(env, edith)); diff != "" {
		t.Errorf("nothing was changed, and something written: %s", diff)
	}
	// One field that differs is a change.
	other := "Edith Clarke"
	answer, err := env.Account.UpdateProfile(edith.As(), &latchkeyv1.UpdateProfileRequest{Name: &other, Locale: &user.Locale})
	if err != nil || answer.GetUser().GetName() != other {
		t.Errorf("the account is %v: %v", answer.GetUser(), err)
	}
	if got := edith.Activity(); got[0] != "profile_changed" {
		t.Errorf("the activity is %v", got)
	}
}

func TestRL02_DeviceRegistrationsAreLimited(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	hedy := env.Person("hedy@example.com")
	hedy.SignsUp()
	registers(t, env, hedy, "hedys-token")
	spends(env, "register_device", 294)
	outcomes := answered(t, 30, func(i int) error {
		_, err := env.Account.RegisterDevice(hedy.As(), &latchkeyv1.RegisterDeviceRequest{
			Token: fmt.Sprintf("hedys-token-%d", i), Platform: latchkeyv1.Platform_PLATFORM_WEB,
		})
		return err
	})
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 5, tooManyAttempts: 25}, outcomes); diff != "" {
		t.Error(diff)
	}
	if n := devices(t, env, hedy); n != 1 {
		t.Errorf("the session has %d devices", n)
	}
	env.Clock.Advance(time.Hour)
	registers(t, env, hedy, "hedys-token")
}

func TestRL02_ContactChangesAreLimited(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	mary := env.Person("mary@example.com")
	mary.SignsUp()
	if _, err := change(t, env, mary, env.Person("mary1@example.com").ProvesEmail(changeContact)); err != nil {
		t.Fatal(err)
	}
	spends(env, "change_contact", 19)
	proof := env.Person("mary2@example.com").ProvesEmail(changeContact)
	_, err := change(t, env, mary, proof)
	env.Refused(err, tooManyAttempts)
	// The refusal has changed nothing: the proof is good for as long as it is.
	spends(env, "change_contact", -1)
	if _, err := change(t, env, mary, proof); err != nil {
		t.Error(err)
	}
}

func TestSessionsThatEndTogetherAreOneEntry(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	joan := env.Person("joan@example.com")
	joan.SignsUp()
	joan.Twin()
	joan.Twin()
	before := written(env, joan)
	if outcomes := answered(t, 40, func(int) error {
		_, err := env.Account.RevokeOtherSessions(joan.As(), &latchkeyv1.RevokeOtherSessionsRequest{})
		return err
	}); outcomes[success] != 40 {
		t.Error(outcomes)
	}
	// One for each session, and one for the user, whose next generation begins.
	if diff := cmp.Diff(map[string]int{"events": before["events"] + 1, "revocations": before["revocations"] + 3}, written(env, joan)); diff != "" {
		t.Error(diff)
	}
}

// Whatever else was done too often: what protects an account works.
func TestEndingASessionIsNeverRefusedByABudget(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	barbara := env.Person("barbara@example.com")
	barbara.SignsUp()
	twin, other := barbara.Twin(), barbara.Twin()
	registers(t, env, barbara, "barbaras-token")
	for _, name := range []string{"Barbara", "Barbara Liskov"} {
		if _, err := env.Account.UpdateProfile(barbara.As(), &latchkeyv1.UpdateProfileRequest{Name: &name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, budget := range []string{"start_session", "update_profile", "register_device"} {
		spends(env, budget, 1_000_000)
	}
	barbara.SignsInFails(barbara.Password, tooManyAttempts)

	barbara.RevokesSession(other.Session())
	barbara.RevokesOtherSessions()
	twin.LosesSession(sessionRevoked)
	if _, err := env.Account.UnregisterDevice(barbara.As(), &latchkeyv1.UnregisterDeviceRequest{Token: "barbaras-token"}); err != nil {
		t.Error(err)
	}
	barbara.SignsOut()
}

func TestRL02_ASignInWithACodeIsCounted(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	frances := env.Person("frances@example.com")
	frances.SignsUp()
	frances.SignsIn()
	spends(env, "start_session", 1_000_000)
	proof := frances.ProvesEmail(signIn)
	_, err := env.Auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: proof})
	env.Refused(err, tooManyAttempts)
	spends(env, "start_session", -1_000_000)
	frances.SignsInWithCode(proof)
}

// Each session ends once, however many calls say so: one entry, and one revocation.
func TestASessionThatEndsIsOneEntry(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	radia := env.Person("radia@example.com")
	radia.SignsUp()

	copied := *radia.Twin()
	copied.Refreshes()
	stolen := copied.Tokens.GetRefreshToken()
	copied.Refreshes()
	copied.Refreshes()
	env.Clock.Advance(time.Minute)
	before := written(env, radia)
	answered(t, 40, func(int) error {
		_, err := env.Auth.Refresh(t.Context(), &latchkeyv1.RefreshRequest{RefreshToken: stolen})
		return err
	})
	reused := written(env, radia)
	if diff := cmp.Diff(map[string]int{"events": before["events"] + 1, "revocations": before["revocations"] + 1}, reused); diff != "" {
		t.Errorf("a token was reused: %s", diff)
	}

	answered(t, 40, func(int) error {
		_, err := env.Account.SignOut(radia.As(), &latchkeyv1.SignOutRequest{})
		return err
	})
	if diff := cmp.Diff(map[string]int{"events": reused["events"] + 1, "revocations": reused["revocations"] + 1}, written(env, radia)); diff != "" {
		t.Errorf("a session was signed out: %s", diff)
	}
}
