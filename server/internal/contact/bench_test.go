package contact_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

func BenchmarkParsePhone(b *testing.B) {
	for _, input := range []string{"010-1234-5678", "+821012345678", "+1 202 555 0123", "010-1234-5678 x1"} {
		b.Run(input, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = contact.ParsePhone(input, "KR")
			}
		})
	}
}

func BenchmarkParseEmail(b *testing.B) {
	for _, input := range []string{"ada@example.com", "Ada@한글.한국"} {
		b.Run(input, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = contact.ParseEmail(input)
			}
		})
	}
}
