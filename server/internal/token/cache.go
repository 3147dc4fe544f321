package token

import (
	"crypto/sha256"

	"github.com/maypok86/otter/v2"
)

// maxCached bounds the memory of tokens. An entry takes about 300 bytes, measured with Go 1.26, so all of
// them take 5 MiB.
const maxCached = 16 << 10

// memory knows access tokens that were found good, so that their signatures are checked once. What is evicted, by W-TinyLFU,
// is what is used least: neither junk, which never gets in, nor many tokens that are used once push out those of people at
// work.
type tokenCache struct {
	tokens *otter.Cache[fingerprint, cached]
}

// fingerprint stands for a token, all of its text: the token itself, a secret, is not kept.
type fingerprint [sha256.Size]byte

// cached is what was found in a token, and the key that signed it.
type cached struct {
	access Access
	key    *key
}

func newCache() tokenCache {
	return tokenCache{tokens: otter.Must(&otter.Options[fingerprint, cached]{MaximumSize: maxCached})}
}

func fingerprintOf(text string) fingerprint { return sha256.Sum256([]byte(text)) }
