package audit

import "github.com/latchkey-auth/latchkey/server/internal/id"

// ActorKind is what kind of actor an event has. The values are stored, and never change their meaning.
type ActorKind string

// The kinds.
const (
	userActor          ActorKind = "user"
	administratorActor ActorKind = "administrator"
	operatorActor      ActorKind = "operator"
	systemActor        ActorKind = "system"
	anonymousActor     ActorKind = "anonymous"
)

// Actor is who acted. The zero value is no actor, which Record refuses.
type Actor struct {
	kind ActorKind
	id   string
}

var (
	// System is the server by itself, as when it rotates its keys.
	System = Actor{kind: systemActor}
	// Anonymous is a caller who did not prove who they are, such as one with a wrong password.
	Anonymous = Actor{kind: anonymousActor}
)

// User returns the actor for a user: on their own account, or on another account from which they claim a contact.
func User(user id.User) Actor { return Actor{userActor, user.String()} }

// Administrator returns the actor that is an administrator who acts on an account of another user.
func Administrator(user id.User) Actor { return Actor{administratorActor, user.String()} }

// Operator returns the actor that uses the command line, by the name of the account on the operator's machine.
func Operator(name string) Actor { return Actor{operatorActor, name} }
