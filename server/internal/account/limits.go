package account

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// The key of each budget contains the caller's network or account, so that an attacker elsewhere cannot use it up. Users behind
// one IP address share a budget.
var (
	// Requests that reveal whether a contact has an account, by network: enough for a classroom that signs up at the same time,
	// and too few to search an address book.
	discoveryBudget = ratelimit.Budget{Name: "discovery", Limit: 300, Window: 10 * time.Minute}
	// Sign-ins from one network with any contact. This bounds the rows that a network adds by naming ever new contacts. A
	// classroom or an office behind one IP address stays far below it.
	signInNetworkBudget = ratelimit.Budget{Name: "sign_in_network", Limit: 1200, Window: 10 * time.Minute}
	// Passwords for one contact from one network; NIST SP 800-63B-4 section 3.2.2 allows 100 failures in a row.
	signInBudget = ratelimit.Budget{Name: "sign_in", Limit: 100, Window: time.Hour}
	// Current passwords for one account, by a caller with a session of it.
	confirmBudget = ratelimit.Budget{Name: "confirm_password", Limit: 20, Window: 15 * time.Minute}
	// Sessions that are started for one account after a right password or code. This bounds the sessions, entries and revocations
	// that the owner of an account can cause. A script that signs in once a minute stays far below it.
	sessionBudget = ratelimit.Budget{Name: "start_session", Limit: 300, Window: time.Hour}
	// Changes of a profile. Each writes an entry, and makes every replica read the user again.
	profileBudget = ratelimit.Budget{Name: "update_profile", Limit: 60, Window: time.Hour}
	// Changes of the contacts of an account. The owner of a domain can prove any number of addresses.
	contactBudget = ratelimit.Budget{Name: "change_contact", Limit: 20, Window: time.Hour}
	// Registrations of devices for one account. An application registers its token at each start.
	deviceBudget = ratelimit.Budget{Name: "register_device", Limit: 300, Window: time.Hour}
	// Requests with a short link, by network. A user follows one link, and users behind one IP address a few.
	shortLinkBudget = ratelimit.Budget{Name: "short_link", Limit: 60, Window: 10 * time.Minute}
)

// chargeDiscovery is called before any look-up, so that the cost does not depend on the answer.
func (s *Service) chargeDiscovery(ctx context.Context, client session.Client) error {
	return s.limits.Charge(ctx, discoveryBudget.Of(ratelimit.Network(client.IP)))
}
