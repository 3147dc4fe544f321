package notify

// How long a try may take, and each note of it.
const (
	SendTimeout = sendTimeout
	NoteTimeout = recordTimeout
)
