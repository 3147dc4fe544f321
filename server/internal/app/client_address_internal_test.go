package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRL04_TheClientsAddressComesFromTrustedProxiesAlone(t *testing.T) {
	t.Parallel()
	addresses, err := newClientAddress([]string{"10.0.0.0/8", "192.168.1.1", "fd00::/8"})
	if err != nil {
		t.Fatal(err)
	}
	const stranger, proxy = "203.0.113.9:4711", "10.0.0.1:4711"

	for name, c := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"no proxy":                            {stranger, nil, "203.0.113.9"},
		"a stranger's claim":                  {stranger, []string{"198.51.100.1"}, "203.0.113.9"},
		"a stranger's claim to be a proxy":    {stranger, []string{"198.51.100.1, 10.0.0.1"}, "203.0.113.9"},
		"beside the one trusted address":      {"192.168.1.2:1", []string{"198.51.100.1"}, "192.168.1.2"},
		"one proxy":                           {proxy, []string{"203.0.113.9"}, "203.0.113.9"},
		"one proxy, alone by its address":     {"192.168.1.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		"a proxy that tells nothing":          {proxy, nil, "10.0.0.1"},
		"a proxy that tells an empty text":    {proxy, []string{""}, "10.0.0.1"},
		"what the client has made up":         {proxy, []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		"a trusted address, made up":          {proxy, []string{"10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		"two proxies":                         {proxy, []string{"198.51.100.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		"proxies all the way":                 {proxy, []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		"several headers are one list":        {proxy, []string{"198.51.100.1", "203.0.113.9, 10.0.0.3", "10.0.0.2"}, "203.0.113.9"},
		"an empty header between":             {proxy, []string{"203.0.113.9", "", "10.0.0.2"}, "10.0.0.2"},
		"no blank, or many":                   {proxy, []string{"198.51.100.1,\t203.0.113.9 ,10.0.0.2"}, "203.0.113.9"},
		"no address at the end":               {proxy, []string{"203.0.113.9, unknown"}, "10.0.0.1"},
		"no address beyond a proxy":           {proxy, []string{"203.0.113.9, _hidden, 10.0.0.2"}, "10.0.0.2"},
		"no address beyond the client":        {proxy, []string{"<script>, 203.0.113.9"}, "203.0.113.9"},
		"a number":                            {proxy, []string{"3405803777"}, "10.0.0.1"},
		"leading zeros":                       {proxy, []string{"203.0.113.009"}, "10.0.0.1"},
		"a prefix":                            {proxy, []string{"203.0.113.0/24"}, "10.0.0.1"},
		"with a port":                         {proxy, []string{"203.0.113.9:5000"}, "203.0.113.9"},
		"IPv6":                                {proxy, []string{"2001:DB8:0::1"}, "2001:db8::1"},
		"IPv6 in brackets":                    {proxy, []string{"[2001:db8::1]"}, "2001:db8::1"},
		"IPv6 with a port":                    {proxy, []string{"[2001:db8::1]:5000"}, "2001:db8::1"},
		"IPv6 with a zone":                    {proxy, []string{"fe80::1%eth0"}, "fe80::1"},
		"IPv6 with half a bracket":            {proxy, []string{"[2001:db8::1"}, "10.0.0.1"},
		"a proxy with IPv6":                   {"[fd00::1]:4711", []string{"203.0.113.9"}, "203.0.113.9"},
		"a proxy with IPv6 and a zone":        {"[fd00::1%eth0]:4711", []string{"203.0.113.9"}, "203.0.113.9"},
		"a proxy with IPv4 in IPv6":           {"[::ffff:10.0.0.1]:4711", []string{"203.0.113.9"}, "203.0.113.9"},
		"IPv4 in IPv6":                        {proxy, []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"a proxy in the list, IPv4 in IPv6":   {proxy, []string{"203.0.113.9, ::ffff:10.0.0.2"}, "203.0.113.9"},
		"a connection of the machine's own":   {"@", []string{"203.0.113.9"}, "@"},
		"thousands of entries, none believed": {stranger, []string{strings.Repeat("10.0.0.2,", 3000) + "10.0.0.2"}, "203.0.113.9"},
		"thousands of entries, all proxies":   {proxy, []string{"203.0.113.9" + strings.Repeat(",10.0.0.2", 3000)}, "203.0.113.9"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		for _, other := range []string{"Forwarded", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Forwarded-Host"} {
			r.Header.Set(other, "for=198.51.100.7")
		}
		if got := addresses.of(r); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestRL04_WithoutASettingNoProxyIsTrusted(t *testing.T) {
	t.Parallel()
	addresses, err := newClientAddress(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, peer := range []string{"127.0.0.1:1", "[::1]:1", "10.0.0.1:1"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		if got := addresses.of(r); got == "203.0.113.9" {
			t.Errorf("%s is believed", peer)
		}
	}
	if _, err := newClientAddress([]string{"zqx"}); err == nil {
		t.Error("what is no address is trusted")
	}
}

func FuzzRL04_WhateverIsForwarded(f *testing.F) {
	for _, text := range []string{"203.0.113.9", "1.2.3.4, 10.0.0.1", ",,,", "[::1]:1", "fe80::1%%", "[", "]:1"} {
		f.Add(text)
	}
	addresses, err := newClientAddress([]string{"10.0.0.0/8"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = "10.0.0.1:1"
		r.Header["X-Forwarded-For"] = []string{text}
		if _, ok := parseAddress(addresses.of(r)); !ok {
			t.Errorf("%q returns %q, which is no address", text, addresses.of(r))
		}
	})
}
