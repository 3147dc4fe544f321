package twilio

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// What stands here was sorted by hand, from what Twilio's dictionary of errors says of each code.
var documented = map[notify.Class]string{
	notify.Misconfigured: "10001 10002 20003 20004 20005 20006 20008 20403 20404 21212 21267 21401 21407 21408 21601 21603 21606 21607 " +
		"21608 21609 21616 21621 21627 21654 21655 21656 21657 21658 21659 21660 21661 21701 21702 21703 21704 21705 " +
		"21710 21711 21712 21714 21715 21717 30002 30007 30010 30018 30023 30024 30027 30029 30030 30031 30032 30033 " +
		"30034 30035 30037 30038 30044 63038",
	notify.Refused: "21211 21217 21265 21266 21268 21602 21604 21605 21610 21612 21614 21617 21618 21619 21620 21623 21635 21670 " +
		"30004 30005 30006 30011 30019 30039 30450",
	notify.Deferred: "30003",
	notify.Busy:     "14107 20429 20500 20503 21611 21730 30001 30008 30017 30022 30026 30036 30410 60728 63017",
}

// statuses are those of requests that Twilio does not refuse with 400.
var statuses = map[int]int{
	10001: http.StatusUnauthorized, 20003: http.StatusUnauthorized, 20004: http.StatusMethodNotAllowed, 20005: http.StatusForbidden,
	20006: http.StatusForbidden, 20008: http.StatusForbidden, 20403: http.StatusForbidden, 20404: http.StatusNotFound,
	14107: http.StatusTooManyRequests, 20429: http.StatusTooManyRequests, 21611: http.StatusTooManyRequests,
	60728: http.StatusTooManyRequests, 63017: http.StatusTooManyRequests, 63038: http.StatusTooManyRequests,
	20500: http.StatusInternalServerError, 20503: http.StatusServiceUnavailable, 21730: http.StatusServiceUnavailable,
}

// Every code comes as the answer to a request, and as that of a message that was created and failed at once.
func TestEveryCodeHasItsClass(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s, err := New(Config{
		URL: server.URL, AccountSID: "AC0123456789abcdef0123456789abcdef", AuthToken: secret.NewText("a token"), From: "+15005550006", Clock: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	tested := map[int]bool{}
	for class, codes := range documented {
		for text := range strings.FieldsSeq(codes) {
			code, err := strconv.Atoi(text)
			if err != nil || tested[code] {
				t.Fatalf("%s stands here twice, or is no code: %v", text, err)
			}
			tested[code] = true
			status := statuses[code]
			if status == 0 {
				status = http.StatusBadRequest
			}
			for status, body := range map[int]string{
				status:             fmt.Sprintf(`{"code":%d,"message":"+821012345678","more_info":"https://www.twilio.com/docs/errors/%d","status":%d}`, code, code, status),
				http.StatusCreated: fmt.Sprintf(`{"sid":"SM1","status":"failed","error_code":%d,"error_message":"+821012345678"}`, code),
			} {
				server.Answers(status, body)
				_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
				if failure := gatewaytest.Failure(t, err); failure.Class != class || failure.Code != text {
					t.Errorf("%d %s: %v, want %s", status, text, failure, class)
				}
			}
		}
	}
	for code := range classes {
		if !tested[code] {
			t.Errorf("%d is sorted and not tested", code)
		}
	}
}
