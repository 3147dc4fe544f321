package rpc_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	jsonType        = "application/json"
	jsonCharsetType = "application/json; charset=utf-8"
	binaryType      = "application/proto"
	streamType      = "application/connect+json"
)

// answer is what came back, before any client has made something of it.
type answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Trailer http.Header
}

// header is a header of a request, which may be given several times.
type header struct{ name, value string }

func bearer(token string) header { return header{"Authorization", "Bearer " + token} }

func post(t testing.TB, env *latchkeytest.Env, path, contentType string, body []byte, headers ...header) answer {
	t.Helper()
	return send(t, env, http.MethodPost, path, bytes.NewReader(body), append(headers, header{"Content-Type", contentType})...)
}

// get sends a message in the query, as the Connect protocol lets calls without side effects be sent.
func get(t testing.TB, env *latchkeytest.Env, path, encoding string, message []byte, headers ...header) answer {
	t.Helper()
	query := url.Values{"connect": {"v1"}, "encoding": {encoding}}
	if encoding == "proto" {
		query.Set("base64", "1")
		query.Set("message", base64.RawURLEncoding.EncodeToString(message))
	} else {
		query.Set("message", string(message))
	}
	return send(t, env, http.MethodGet, path+"?"+query.Encode(), nil, headers...)
}

func send(t testing.TB, env *latchkeytest.Env, method, path string, body io.Reader, headers ...header) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, env.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		request.Header.Add(h.name, h.value)
	}
	// A redirect is an answer like any other.
	response, err := env.HTTP.Transport.RoundTrip(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return read(t, response)
}

func read(t testing.TB, response *http.Response) answer {
	t.Helper()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	return answer{Status: response.StatusCode, Header: response.Header, Body: body, Trailer: response.Trailer}
}

// refusal is what an answer says that is an error.
type refusal struct {
	Code   connect.Code
	Detail *latchkeyv1.ErrorDetail
	// Text is everything that a person could read in it.
	Text string
}

type wireError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Details []struct {
		Type  string          `json:"type"`
		Value string          `json:"value"`
		Debug json.RawMessage `json:"debug"`
	} `json:"details"`
}

// refusal reads an error as a client of the Connect protocol does, and more strictly.
func (a answer) refusal() (refusal, error) {
	if contentType := a.Header.Get("Content-Type"); contentType != jsonType {
		return refusal{}, fmt.Errorf("the error is %q, want %s", contentType, jsonType)
	}
	var body wireError
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return refusal{}, err
	}
	return body.refusal(a.Header)
}

func (e wireError) refusal(header http.Header) (refusal, error) {
	var r refusal
	if err := r.Code.UnmarshalText([]byte(e.Code)); err != nil {
		return r, err
	}
	if len(e.Details) != 1 || e.Details[0].Type != "latchkey.v1.ErrorDetail" {
		return r, fmt.Errorf("the error has not exactly one detail, of our type: %+v", e)
	}
	value, err := base64.RawStdEncoding.DecodeString(e.Details[0].Value)
	if err != nil {
		return r, err
	}
	r.Detail = &latchkeyv1.ErrorDetail{}
	if err := proto.Unmarshal(value, r.Detail); err != nil {
		return r, err
	}
	r.Text = e.Message + "\n" + string(e.Details[0].Debug) + "\n" + r.Detail.String()
	return r, r.check(header)
}

// innards are texts that reveal how the server is built, or the messages of decoders and the database.
var innards = []string{
	"SQLSTATE", "ERROR:", "goroutine", "panic", "pgx", "river", "proto:", "protojson", "json:", "unmarshal", "strconv",
	".go", "/root", "/home", "/tmp", "*rpc", "rpc.", "account.", "connect.", "http.", "fault.", "latchkeyv1", "0x",
}

// check looks for what every error has, and for what none may have.
func (r refusal) check(header http.Header) error {
	var wrong []error
	if r.Detail.GetReason() == latchkeyv1.Reason_REASON_UNSPECIFIED {
		wrong = append(wrong, errors.New("the error has no reason"))
	}
	if id := r.Detail.GetRequestId(); id == "" || id != header.Get("X-Request-Id") {
		wrong = append(wrong, fmt.Errorf("the error's request id is %q, the header's %q", id, header.Get("X-Request-Id")))
	}
	if r.Detail.GetReason() == latchkeyv1.Reason_REASON_INVALID_FIELDS && len(r.Detail.GetViolations()) == 0 {
		wrong = append(wrong, errors.New("the error names no violation"))
	}
	for _, v := range r.Detail.GetViolations() {
		if v.GetRule() == "" || v.GetMessage() == "" {
			wrong = append(wrong, fmt.Errorf("a violation lacks its rule or message: %v", v))
		}
	}
	for _, leak := range innards {
		if strings.Contains(r.Text, leak) {
			wrong = append(wrong, fmt.Errorf("the error reveals an internal detail, %q: %s", leak, r.Text))
		}
	}
	return errors.Join(wrong...)
}

// names reports whether a field is among the violations.
func (r refusal) names(field string) bool {
	for _, v := range r.Detail.GetViolations() {
		if v.GetField() == field {
			return true
		}
	}
	return false
}

// hasRule reports whether a rule is among the violations.
func (r refusal) hasRule(rule string) bool {
	for _, v := range r.Detail.GetViolations() {
		if v.GetRule() == rule {
			return true
		}
	}
	return false
}

// The flag of the last envelope of a stream in the Connect protocol.
const endOfStream = 2

// inEnvelope puts a message into an envelope of the Connect protocol for streams, or of gRPC.
func inEnvelope(message []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
}

// streamRefusal reads the error at the end of a stream that has sent nothing before.
func (a answer) streamRefusal() (refusal, error) {
	if a.Status != http.StatusOK || len(a.Body) < 5 || a.Body[0] != endOfStream {
		return refusal{}, fmt.Errorf("not the end of a stream: %d %q", a.Status, a.Body)
	}
	var end struct {
		Error wireError `json:"error"`
	}
	if err := json.Unmarshal(a.Body[5:], &end); err != nil {
		return refusal{}, err
	}
	return end.Error.refusal(a.Header)
}

// repeats reports whether a refusal contains parts of the samples or invalid values. Ids are in capital letters.
func (r refusal) repeats() bool {
	return strings.Contains(r.Text, "zqx") || strings.Contains(r.Text, "424242")
}
