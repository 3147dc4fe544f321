package audit

// Event is what happened. The values are stored and are part of the API, so they never change their meaning.
type Event string

// The events of an account that its user sees. Each has its words in clients/web/src/pages/activity/event-words.ts, and a test there
// compares the two lists.
const (
	SignedUp        Event = "signed_up"
	SignedIn        Event = "signed_in"
	SignInFailed    Event = "sign_in_failed"
	ProfileChanged  Event = "profile_changed"
	PasswordChanged Event = "password_changed"
	PasswordReset   Event = "password_reset"
	// PasswordRefused is a wrong current password, from a caller with a session.
	PasswordRefused Event = "password_refused"
	// PasswordSet is the first password of an account that had none.
	PasswordSet     Event = "password_set"
	Reauthenticated Event = "reauthenticated"
	EmailChanged    Event = "email_changed"
	PhoneChanged    Event = "phone_changed"
	SignedOut       Event = "signed_out"
	SessionEnded    Event = "session_ended"
	// SessionDisowned means that the owner reported a sign-in as not theirs, by the link in the notice about it.
	SessionDisowned Event = "session_disowned"
	// OtherSessionsEnded stands once for all sessions that were ended together.
	OtherSessionsEnded Event = "other_sessions_ended"
	// RefreshReused means that a refresh token was used again after its successor, so that there is a copy of it. Its session was
	// ended.
	RefreshReused Event = "refresh_reused"
	// RefreshRetried means that a refresh token was used again long after the first time, while its successor was never used: the
	// answer was lost, or the token copied.
	RefreshRetried Event = "refresh_retried"
	// RoleChanged has the detail RoleDetail.
	RoleChanged Event = "role_changed"
	// Disabled has the detail ReasonDetail when the administrator gave one.
	Disabled      Event = "disabled"
	Enabled       Event = "enabled"
	SessionsEnded Event = "sessions_ended"
	// PushSent is a notification from an administrator. It has the detail DevicesDetail.
	PushSent Event = "push_sent"
	// ContactLost means that another user has proven a contact that this account held unproven. That user is the actor.
	ContactLost Event = "contact_lost"
)
