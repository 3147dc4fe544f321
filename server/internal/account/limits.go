package account

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// What may be tried how often. Each budget has the caller's network, or the own account, in its key, so that a stranger
// elsewhere cannot use it up. People behind one address share a budget.
var (
	// Questions that tell whether a contact has an account, by network: enough for a classroom that signs up at once, and
	// too few to go through an address book.
	discoveryBudget = ratelimit.Budget{Name: "discovery", Limit: 300, Window: 10 * time.Minute}
	// Sign-ins from one network, whichever contacts are tried: the bound on the rows that a network adds by naming ever new
	// contacts. A classroom or an office behind one address stays far below it.
	signInNetworkBudget = ratelimit.Budget{Name: "sign_in_network", Limit: 1200, Window: 10 * time.Minute}
	// Passwords for one contact from one network; NIST SP 800-63B-4 section 3.2.2 allows 100 failures in a row.
	signInBudget = ratelimit.Budget{Name: "sign_in", Limit: 100, Window: time.Hour}
	// Current passwords for one account, by somebody who holds a session of it.
	confirmBudget = ratelimit.Budget{Name: "confirm_password", Limit: 20, Window: 15 * time.Minute}
	// Sessions that are started for one account, after its password or a code was right: the bound on the sessions, the
	// entries and the revocations that its owner can cause. A script that signs in once a minute stays far below it.
	sessionBudget = ratelimit.Budget{Name: "start_session", Limit: 300, Window: time.Hour}
	// Changes of one's profile. Each writes an entry, and has every replica read the user again.
	profileBudget = ratelimit.Budget{Name: "update_profile", Limit: 60, Window: time.Hour}
	// Changes of one's contacts. The owner of a domain has any number of addresses to prove.
	contactBudget = ratelimit.Budget{Name: "change_contact", Limit: 20, Window: time.Hour}
	// Registrations of devices for one account. An application registers its token at each start.
	deviceBudget = ratelimit.Budget{Name: "register_device", Limit: 300, Window: time.Hour}
	// Short links that are followed, by network: a person follows one, and people behind one address a few.
	shortLinkBudget = ratelimit.Budget{Name: "short_link", Limit: 60, Window: 10 * time.Minute}
)

// chargeDiscovery is done before anything is looked up, so that the answer costs the same whatever it will be.
func (s *Service) chargeDiscovery(ctx context.Context, client session.Client) error {
	return s.limits.Charge(ctx, discoveryBudget.Of(ratelimit.Network(client.IP)))
}
