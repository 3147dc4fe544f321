package token

import (
	"crypto/sha256"

	"github.com/maypok86/otter/v2"
)

// maxCached limits the cache. An entry takes about 300 bytes, measured with Go 1.26, so all of them take 5 MiB.
const maxCached = 16 << 10

// tokenCache holds verified access tokens, so that their signatures are checked once. It evicts the least used entries
// (W-TinyLFU). So neither invalid tokens, which are never cached, nor many tokens that are used once evict those of active users.
type tokenCache struct {
	tokens *otter.Cache[fingerprint, cached]
}

// fingerprint is a hash of a token's complete text. The token itself is a secret, and is not kept.
type fingerprint [sha256.Size]byte

// cached holds the claims of a token, and the key that signed it.
type cached struct {
	access Access
	key    *key
}

func newCache() tokenCache {
	return tokenCache{tokens: otter.Must(&otter.Options[fingerprint, cached]{MaximumSize: maxCached})}
}

func fingerprintOf(text string) fingerprint { return sha256.Sum256([]byte(text)) }
