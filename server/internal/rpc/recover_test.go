package rpc

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// startServer serves over HTTP/1.1 and HTTP/2, with request ids, as package app does.
func startServer(t *testing.T, handler http.Handler) (url string, http2 *http.Client) {
	t.Helper()
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(WithCall(r.Context(), &Call{Client: session.Client{RequestID: "req_1"}})))
	}))
	server.Config.Protocols = &protocols
	server.Start()
	t.Cleanup(server.Close)

	var only http.Protocols
	only.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &only}}
	t.Cleanup(client.CloseIdleConnections)
	return server.URL, client
}

// clients gives a client of each protocol.
func clients(url string, http2 *http.Client) map[string]latchkeyv1connect.AuthServiceClient {
	return map[string]latchkeyv1connect.AuthServiceClient{
		"Connect":  latchkeyv1connect.NewAuthServiceClient(http2, url),
		"GET":      latchkeyv1connect.NewAuthServiceClient(http2, url, connect.WithHTTPGet()),
		"JSON":     latchkeyv1connect.NewAuthServiceClient(http2, url, connect.WithProtoJSON()),
		"gRPC":     latchkeyv1connect.NewAuthServiceClient(http2, url, connect.WithGRPC()),
		"gRPC-Web": latchkeyv1connect.NewAuthServiceClient(http2, url, connect.WithGRPCWeb()),
	}
}

func isInternal(t *testing.T, name string, err error) {
	t.Helper()
	var answer *connect.Error
	if !errors.As(err, &answer) || answer.Code() != connect.CodeInternal {
		t.Errorf("%s: got %v", name, err)
		return
	}
	detail := detailOf(t, answer)
	if detail.GetReason() != latchkeyv1.Reason_REASON_INTERNAL || detail.GetRequestId() != "req_1" {
		t.Errorf("%s: got %v", name, detail)
	}
	if strings.Contains(err.Error()+detail.String(), "zqx") || strings.Contains(err.Error(), "nil pointer") {
		t.Errorf("%s: the caller reads %v %v", name, err, detail)
	}
}

func TestLG05_APanicEndsOneCall(t *testing.T) {
	t.Parallel()
	errs, log := mapper()
	// An account service without a database: whatever needs one panics.
	handler, err := New(Deps{Accounts: &account.Service{}, Log: errs.log, Outage: errs.outage, Unavailable: errs.unavailable})
	if err != nil {
		t.Fatal(err)
	}
	url, http2 := startServer(t, handler)

	panics := 0
	for name, client := range clients(url, http2) {
		_, err := client.CheckAvailability(t.Context(), &latchkeyv1.CheckAvailabilityRequest{
			Contact: &latchkeyv1.CheckAvailabilityRequest_Nickname{Nickname: "zqx"},
		})
		isInternal(t, name, err)
		panics++
		for _, part := range []string{"msg=panic request=req_1", "nil pointer dereference\"", "account/check_availability.go"} {
			if strings.Count(log.String(), part) != panics {
				t.Errorf("%s: %q is not in the log: %s", name, part, log)
			}
		}
		// The next call on the same connection does not notice.
		if _, err := client.GetSettings(t.Context(), &latchkeyv1.GetSettingsRequest{}); err != nil {
			t.Errorf("%s: after the panic: %v", name, err)
		}
	}
}

func TestLG05_WhatWasThrownIsNotLogged(t *testing.T) {
	t.Parallel()
	for name, thrown := range map[string]any{
		"an error": errors.New("zqx"),
		"a text":   "zqx",
		"a struct": struct{ Password string }{"zqx"},
	} {
		errs, log := mapper()
		url, http2 := startServer(t, recovery{errors: errs, next: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			panic(thrown)
		})})

		_, err := clients(url, http2)["JSON"].GetSettings(t.Context(), &latchkeyv1.GetSettingsRequest{})

		isInternal(t, name, err)
		if strings.Contains(log.String(), "zqx") || !strings.Contains(log.String(), "recover_test.go") {
			t.Errorf("%s: in the log stands %s", name, log)
		}
	}
}

// Half an answer that ends in good order would be taken for a whole one.
func TestLG05_AnAnswerThatHasBegunIsCutOff(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(w http.ResponseWriter){
		"a body":  func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{}`)) },
		"headers": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"a flush": func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
	} {
		errs, log := mapper()
		url, http2 := startServer(t, recovery{errors: errs, next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			begin(w)
			panic("zqx")
		})})

		_, err := clients(url, http2)["JSON"].GetSettings(t.Context(), &latchkeyv1.GetSettingsRequest{})

		if err == nil {
			t.Errorf("%s: half an answer is taken for a whole one", name)
		}
		if !strings.Contains(log.String(), "level=ERROR msg=panic") {
			t.Errorf("%s: the panic is not in the log: %s", name, log)
		}
	}
}

func TestLG05_AbortingIsNoDefect(t *testing.T) {
	t.Parallel()
	errs, log := mapper()
	handler := recovery{errors: errs, next: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	})}
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // net/http compares in the same way
			t.Errorf("net/http is given %v", got)
		}
		if log.String() != "" {
			t.Errorf("in the log stands %s", log)
		}
	}()

	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", nil))

	t.Error("nothing is thrown")
}
