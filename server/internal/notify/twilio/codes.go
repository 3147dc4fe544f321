package twilio

import (
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// classes maps the codes that Twilio documents for creating a message, and for a failed message: the response to the creation can
// have both.
var classes = map[int]notify.Class{
	// The account: not active, suspended, on trial, without permission, at its daily limit, or with a price that it does not pay.
	10001: notify.Misconfigured, 10002: notify.Misconfigured, 20003: notify.Misconfigured, 20004: notify.Misconfigured,
	20005: notify.Misconfigured, 20006: notify.Misconfigured, 20008: notify.Misconfigured, 20403: notify.Misconfigured,
	20404: notify.Misconfigured, 21267: notify.Misconfigured, 21408: notify.Misconfigured, 21607: notify.Misconfigured,
	21608: notify.Misconfigured, 30002: notify.Misconfigured, 30010: notify.Misconfigured, 30044: notify.Misconfigured,
	63038: notify.Misconfigured,

	// The sender: not a number of the account, unable to send, not for this country, not registered or verified.
	21212: notify.Misconfigured, 21401: notify.Misconfigured, 21407: notify.Misconfigured, 21601: notify.Misconfigured,
	21603: notify.Misconfigured, 21606: notify.Misconfigured, 21616: notify.Misconfigured, 21621: notify.Misconfigured,
	21659: notify.Misconfigured, 21660: notify.Misconfigured, 21661: notify.Misconfigured, 30018: notify.Misconfigured,
	30024: notify.Misconfigured, 30032: notify.Misconfigured, 30034: notify.Misconfigured, 30035: notify.Misconfigured,

	// Filters of carriers that concern the sender or its campaign rather than the recipient, and their daily limits.
	30007: notify.Misconfigured, 30023: notify.Misconfigured, 30027: notify.Misconfigured, 30033: notify.Misconfigured,
	30037: notify.Misconfigured, 30038: notify.Misconfigured,

	// The messaging service: none, another account's, without numbers or a campaign; and other errors in our request.
	21609: notify.Misconfigured, 21627: notify.Misconfigured, 21654: notify.Misconfigured, 21655: notify.Misconfigured,
	21656: notify.Misconfigured, 21657: notify.Misconfigured, 21658: notify.Misconfigured, 21701: notify.Misconfigured,
	21702: notify.Misconfigured, 21703: notify.Misconfigured, 21704: notify.Misconfigured, 21705: notify.Misconfigured,
	21710: notify.Misconfigured, 21711: notify.Misconfigured, 21712: notify.Misconfigured, 21714: notify.Misconfigured,
	21715: notify.Misconfigured, 21717: notify.Misconfigured, 30029: notify.Misconfigured, 30030: notify.Misconfigured,
	30031: notify.Misconfigured,

	// The recipient: an invalid number, or one that cannot or does not want to get messages.
	21211: notify.Refused, 21217: notify.Refused, 21265: notify.Refused, 21266: notify.Refused, 21268: notify.Refused,
	21604: notify.Refused, 21610: notify.Refused, 21612: notify.Refused, 21614: notify.Refused, 21635: notify.Refused,
	30004: notify.Refused, 30005: notify.Refused, 30006: notify.Refused, 30450: notify.Refused,

	// The message: without text, too long, or with unsupported content.
	21602: notify.Refused, 21605: notify.Refused, 21617: notify.Refused, 21618: notify.Refused, 21619: notify.Refused,
	21620: notify.Refused, 21623: notify.Refused, 21670: notify.Refused, 30011: notify.Refused, 30019: notify.Refused,
	30039: notify.Refused,

	// The recipient for now: switched off, or without reception.
	30003: notify.Deferred,

	// Rates, queues and maintenance, and failures that Twilio itself cannot explain.
	14107: notify.Busy, 20429: notify.Busy, 20500: notify.Busy, 20503: notify.Busy, 21611: notify.Busy, 21730: notify.Busy,
	30001: notify.Busy, 30008: notify.Busy, 30017: notify.Busy, 30022: notify.Busy, 30026: notify.Busy, 30036: notify.Busy,
	30410: notify.Busy, 60728: notify.Busy, 63017: notify.Busy,
}

// unknownError is a message whose outcome Twilio does not know.
const unknownError = 30008

// classOf returns the class of a code. For a code that is not in the table, it uses the status.
func classOf(status, code int) notify.Class {
	if class, ok := classes[code]; ok {
		return class
	}
	return gateway.ClassOf(status)
}
