package audit

// Events that no user sees: of an account that is gone, and of the server.
const (
	AccountDeleted Event = "account_deleted"
	// KeyMade means that a signing key was made, which signs after the current one. It has the detail KeyDetail.
	KeyMade Event = "key_made"
	// KeysReplaced means that a new key has taken the place of all others at once, so that every user has to sign in again. It has
	// the details KeyDetail and RemovedDetail.
	KeysReplaced Event = "keys_replaced"
	// KeysRemoved means that keys were removed, all of whose tokens have expired. It has the detail RemovedDetail.
	KeysRemoved Event = "keys_removed"
)
