package rpc_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// exchange writes a request as it is, and nothing after it, and reads the answer.
func exchange(t testing.TB, env *latchkeytest.Env, request string) answer {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(env.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	// The server may answer, and close, before it has read everything.
	_, _ = io.WriteString(conn, request)
	_ = conn.(*net.TCPConn).CloseWrite()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no answer to %.80q: %v", request, err)
	}
	return read(t, response)
}

func TestIN01_BodiesThatAreNotWhatTheirHeadersSay(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	head := "POST " + signIn + " HTTP/1.1\r\nHost: zqx\r\nContent-Type: application/json\r\n"
	before := env.Rows(tables...)

	for _, request := range []string{
		// Longer and shorter than they say.
		fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(goodSignIn)+1, goodSignIn),
		fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(goodSignIn)-1, goodSignIn),
		// Chunks that are none, that end too early, and that have no end.
		head + "Transfer-Encoding: chunked\r\n\r\nzqx\r\n",
		head + "Transfer-Encoding: chunked\r\n\r\n5\r\nzqx",
		head + "Transfer-Encoding: chunked\r\n\r\n3\r\nzqx\r\n",
		head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nzqx\r\n",
	} {
		exchange(t, env, request).refused(t, http.StatusBadRequest, invalid, "")
	}
	// These are not HTTP: net/http answers, before any of our code runs.
	for _, request := range []string{
		head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nzqx",
		head + "Content-Length: -1\r\n\r\nzqx",
		head + "Content-Length: zqx\r\n\r\nzqx",
		head + "Transfer-Encoding: gzip\r\n\r\nzqx",
		head + "Zqx : zqx\r\n\r\n",
		head + "Zqx\r\n\r\n",
		head + "Host: zqx\r\n\r\n",
		head + "Authorization: Bearer z\x00qx\r\n\r\n",
		"POST " + signIn + "\x00 HTTP/1.1\r\nHost: zqx\r\n\r\n",
		"POST /%zz HTTP/1.1\r\nHost: zqx\r\n\r\n",
		"POST " + signIn + " HTTP/9.9\r\nHost: zqx\r\n\r\n",
		"zqx\r\n\r\n",
		"\x16\x03\x01zqx\r\n\r\n",
	} {
		got := exchange(t, env, request)
		if got.Status < 400 || got.Status > 505 || got.Status == 500 || strings.Contains(string(got.Body), "zqx") {
			t.Errorf("%q: got %d %q", request, got.Status, got.Body)
		}
	}

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
}
