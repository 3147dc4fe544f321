package password

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestPW06_MalformedHashesAreRefused(t *testing.T) {
	t.Parallel()
	const salt, key = "c29tZXNhbHRzb21lc2FsdA", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	h := newHasher(t, Config{})
	for name, encoded := range map[string]string{
		"plain text":        right,
		"argon2i":           "$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + key,
		"old version":       "$argon2id$v=16$m=64,t=1,p=1$" + salt + "$" + key,
		"4 GiB":             "$argon2id$v=19$m=4194304,t=1,p=1$" + salt + "$" + key,
		"endless":           "$argon2id$v=19$m=64,t=4294967295,p=1$" + salt + "$" + key,
		"no passes":         "$argon2id$v=19$m=64,t=0,p=1$" + salt + "$" + key,
		"no lanes":          "$argon2id$v=19$m=64,t=1,p=0$" + salt + "$" + key,
		"256 lanes":         "$argon2id$v=19$m=65536,t=1,p=256$" + salt + "$" + key,
		"too little memory": "$argon2id$v=19$m=15,t=1,p=2$" + salt + "$" + key,
		"negative":          "$argon2id$v=19$m=-64,t=1,p=1$" + salt + "$" + key,
		"other order":       "$argon2id$v=19$t=1,m=64,p=1$" + salt + "$" + key,
		"empty key":         "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$",
		"short salt":        "$argon2id$v=19$m=64,t=1,p=1$c29t$" + key,
		"padded":            "$argon2id$v=19$m=64,t=1,p=1$" + salt + "==$" + key,
		"trailing field":    "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + key + "$",
		"bcrypt cost 31":    "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
		"bcrypt cost 3":     "$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
		"bcrypt 2x":         "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
		"bcrypt cut":        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
		"bcrypt longer":     "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n",
	} {
		m, err := h.Verify(t.Context(), right, encoded)
		if !errors.Is(err, ErrMalformedHash) || m != (Match{}) {
			t.Errorf("%s: %+v, %v", name, m, err)
		} else if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), right) {
			t.Errorf("%s: the error quotes the hash: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(right, "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
	h := newHasher(f, Config{})
	f.Fuzz(func(t *testing.T, password, encoded string) {
		if s, err := parse(encoded); err == nil {
			if a, ok := s.(argon2idHash); (ok && a.params.Memory*a.params.Time > 1024) || (!ok && s.(bcryptHash).cost > 5) {
				t.Skip("valid, but slow")
			}
		}
		if m, err := h.Verify(context.Background(), password, encoded); err != nil && m.OK {
			t.Errorf("OK with an error: %v", err)
		}
	})
}
