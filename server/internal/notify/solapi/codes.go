package solapi

import (
	"net/http"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// classes maps Solapi's status codes (메시지 상태 코드), except the three that are no failure. 1xxx are set when Solapi gets a message,
// 2xxx inside Solapi, 3xxx by the carrier.
var classes = map[string]notify.Class{
	// The message: its fields, letters or length, and what concerns pictures and KakaoTalk.
	"1010": notify.Refused, "1011": notify.Refused, "1013": notify.Refused, "1014": notify.Refused, "1021": notify.Refused,
	"1022": notify.Refused, "1023": notify.Refused, "1025": notify.Refused, "1026": notify.Refused, "1027": notify.Refused,
	"1028": notify.Refused, "1029": notify.Refused, "1031": notify.Refused, "1032": notify.Refused, "1033": notify.Refused,
	"1034": notify.Refused, "1041": notify.Refused, "1042": notify.Refused, "1043": notify.Refused, "1044": notify.Refused,
	"1045": notify.Refused, "1046": notify.Refused, "1047": notify.Refused, "1048": notify.Refused, "1049": notify.Refused,
	"1050": notify.Refused, "1051": notify.Refused, "1052": notify.Refused, "1053": notify.Refused, "2011": notify.Refused,
	"3011": notify.Refused, "3101": notify.Refused, "3102": notify.Refused, "3103": notify.Refused, "3104": notify.Refused,
	"3105": notify.Refused, "3106": notify.Refused, "3107": notify.Refused, "3108": notify.Refused,

	// The recipient: an invalid or blocked number, or one that wants or gets no messages.
	"1060": notify.Refused, "1061": notify.Refused, "2060": notify.Refused, "2061": notify.Refused, "3010": notify.Refused,
	"3031": notify.Refused, "3032": notify.Refused, "3047": notify.Refused, "3050": notify.Refused, "3052": notify.Refused,
	"3055": notify.Refused, "3060": notify.Refused,

	// The recipient for now: busy, without reception, switched off, full, suspended.
	"3040": notify.Deferred, "3041": notify.Deferred, "3042": notify.Deferred, "3043": notify.Deferred, "3044": notify.Deferred,
	"3045": notify.Deferred, "3046": notify.Deferred, "3051": notify.Deferred, "3056": notify.Deferred, "3057": notify.Deferred,

	// Our account: its state, balance, route or sender number, and suspected spam.
	"1020": notify.Misconfigured, "1030": notify.Misconfigured, "1058": notify.Misconfigured, "1062": notify.Misconfigured,
	"1064": notify.Misconfigured, "2062": notify.Misconfigured, "2063": notify.Misconfigured, "2064": notify.Misconfigured,
	"2230": notify.Misconfigured, "2254": notify.Misconfigured, "3013": notify.Misconfigured, "3054": notify.Misconfigured,
	"3058": notify.Misconfigured, "3059": notify.Misconfigured,

	// Servers that fail or are full, and states that Solapi itself does not know.
	"1024": notify.Busy, "2024": notify.Busy, "3012": notify.Busy, "3014": notify.Busy, "3024": notify.Busy, "3048": notify.Busy,
	"3053": notify.Busy,
}

// unsure reports whether a status code leaves the outcome of the message open: a code of the carrier (3xxx) that is not a
// refusal, since the carrier had the message by then.
func unsure(status string) bool {
	return strings.HasPrefix(status, "3") && classOf(status) == notify.Busy
}

// classOf returns the class of a status code. An unknown one counts as a refusal of the message, like most.
func classOf(status string) notify.Class {
	if class, ok := classes[status]; ok {
		return class
	}
	return notify.Refused
}

// classOfError returns the class of a request that Solapi did not process. If the signature was used before, a retry has another
// one, so the provider counts as busy.
func classOfError(status int, code string) notify.Class {
	if status == http.StatusForbidden && code == "DuplicatedSignature" {
		return notify.Busy
	}
	return gateway.ClassOf(status)
}
