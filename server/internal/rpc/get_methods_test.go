package rpc_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The methods that can be called with GET. Their requests are part of URLs, and so of other systems' logs: they must never
// contain a token or a password.
func TestSE11_OnlyTheseMethodsAreCallableByGET(t *testing.T) {
	t.Parallel()
	var found []string
	for name, method := range methods() {
		if sideEffectFree(method) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	want := []string{
		"AccountService.GetProfile", "AccountService.ListActivity", "AccountService.ListLinkedAccounts",
		"AccountService.ListSessions", "AdminService.GetUser", "AdminService.ListUserActivity", "AdminService.ListUsers",
		"AuthService.CheckAvailability", "AuthService.GetSession", "AuthService.GetSettings",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}
