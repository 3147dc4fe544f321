package notify

// The time limits of an attempt, and of recording its outcome.
const (
	SendTimeout = sendTimeout
	NoteTimeout = recordTimeout
)
