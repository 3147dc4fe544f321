package notify

import "time"

// Codes have queues of their own, since a person waits for each: however many notices wait for a slow provider, the workers of
// the codes are free. Each channel has its own, so that a slow mail server holds up no SMS.
//
// The names of the other queues are older. When a server goes back a version, jobs in queues that are unknown to it stay
// behind: a code is asked for again, and a notice would be lost.
const (
	mailCodes = "mail_codes"
	smsCodes  = "sms_codes"
	mailQueue = "mail"
	smsQueue  = "sms"
	pushQueue = "push"
)

var queues = []string{mailCodes, smsCodes, mailQueue, smsQueue, pushQueue}

// workersPerQueue is how many messages of a queue are handed over at once. One contact has at most four codes under way, one for
// each purpose: another one is replaced, and a try takes less than the minute between two.
const workersPerQueue = 10

// Within a queue, the jobs with the lowest number go first (River allows 1 to 4). The first few messages to a recipient go before
// what more waits for others, so that one recipient's backlog delays other recipients by a few messages at most.
const (
	firstPriority = 1
	// messagePriority is that of what administrators send: it comes after every notice.
	messagePriority = 3
	// fewWaiting is how many messages to one recipient may wait at the first priority.
	fewWaiting = 3
	// waitingWindow bounds the rows that are looked at for that.
	waitingWindow = time.Hour
)

// priority returns the priority of a message while so many others wait for its recipient.
func priority(first, waiting int) int {
	if waiting >= fewWaiting {
		return first + 1
	}
	return first
}

func (c Channel) queue() string {
	switch c {
	case SMS:
		return smsQueue
	case PushChannel:
		return pushQueue
	default:
		return mailQueue
	}
}

func (c Channel) codeQueue() string {
	if c == SMS {
		return smsCodes
	}
	return mailCodes
}
