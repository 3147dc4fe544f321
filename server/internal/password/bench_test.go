package password

import (
	"strings"
	"testing"
)

// The bytes per operation of argon2id are its working memory, allocated anew each time.
func BenchmarkHashArgon2id(b *testing.B) {
	h, err := New(Config{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		mustHash(b, h, right)
	}
}

func BenchmarkHashArgon2idParallel(b *testing.B) {
	h, err := New(Config{MaxQueue: 1 << 20})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mustHash(b, h, right)
		}
	})
}

func BenchmarkHashBcrypt10(b *testing.B) {
	h, err := New(Config{Algorithm: Bcrypt})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		mustHash(b, h, right)
	}
}

func BenchmarkCheck(b *testing.B) {
	own := []string{"ada.lovelace@example.com", "+821083916205", "Countess", "Ada Lovelace"}
	for _, c := range []struct {
		name, password string
		policy         Policy
	}{
		{"classic", "Abcdefgh12!", Classic()},
		{"modern", "kettle.violin.frost", Modern()},
		{"modern128", strings.Repeat("pa55word ", 14), Modern()},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.policy.Check(c.password, own...)
			}
		})
	}
}

func BenchmarkVocabulary(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		readVocabulary(wordsFile, walksFile)
	}
}
