package password

import (
	"strings"
	"testing"
)

func TestConfig_ReportsEveryProblem(t *testing.T) {
	t.Parallel()
	err := Config{Algorithm: "md5", BcryptCost: 9, Argon2: Argon2Params{Memory: 1, Time: 1, Parallelism: 1}, MaxQueue: -1}.withDefaults().validate()
	for _, part := range []string{"md5", "bcrypt-cost: 9", "memory 1", "negative"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("no %q in %v", part, err)
		}
	}
	if _, err := New(Config{BcryptCost: 15}); err == nil {
		t.Error("New accepts bcrypt cost 15")
	}
	if err := (Config{}).withDefaults().validate(); err != nil {
		t.Errorf("the zero Config: %v", err)
	}
}
