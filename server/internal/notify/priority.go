package notify

import "time"

// Codes have their own queues, since users wait for them: if many notices wait for a slow provider, the workers for codes are
// free. Each channel has its own queues, so that a slow mail server does not delay SMS.
//
// The names of the other queues are older. After a downgrade of the server, jobs in queues that the old version does not know
// stay behind. A code can be requested again, but a notice would be lost.
const (
	mailCodes = "mail_codes"
	smsCodes  = "sms_codes"
	mailQueue = "mail"
	smsQueue  = "sms"
	pushQueue = "push"
)

var queues = []string{mailCodes, smsCodes, mailQueue, smsQueue, pushQueue}

// workersPerQueue is how many messages of a queue are sent at the same time. One contact has at most four codes waiting, one for
// each purpose: a newer one replaces it, and an attempt takes less than the minute between two.
const workersPerQueue = 10

// Within a queue, jobs with the lowest number go first (River allows 1 to 4). The first few messages to a recipient go before the
// further ones. So the backlog of one recipient delays others by a few messages at most.
const (
	firstPriority = 1
	// messagePriority is the priority of messages from administrators: they go after all notices.
	messagePriority = 3
	// fewWaiting is how many messages to one recipient may wait at the first priority.
	fewWaiting = 3
	// waitingWindow bounds the rows that are counted for that.
	waitingWindow = time.Hour
)

// priority returns the priority of a message if waiting others wait for the same recipient.
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
