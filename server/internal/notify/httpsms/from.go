package httpsms

import (
	"bytes"
	"errors"
	"regexp"
	"text/template"
)

var (
	senderNumber = regexp.MustCompile(`^\+?[0-9]+([- ][0-9]+)*$`)
	senderName   = regexp.MustCompile(`^[A-Za-z0-9 ._&-]{1,11}$`)
	digit        = regexp.MustCompile(`[0-9]`)
	letter       = regexp.MustCompile(`[A-Za-z]`)
)

// A short number has three digits, and a number in E.164 form at most fifteen.
const leastDigits, mostDigits = 3, 15

// CheckFrom returns an error unless from is a valid sender: a number, national or in E.164 form, as the gateway expects it, or a
// name of at most eleven letters and digits. If the body does not use the sender, any text is valid.
func CheckFrom(from string, body *template.Template) error {
	if from == "" {
		if names(body) {
			return errors.New("is missing, and the body names it")
		}
		return nil
	}
	digits := len(digit.FindAllString(from, -1))
	if senderNumber.MatchString(from) && digits >= leastDigits && digits <= mostDigits ||
		senderName.MatchString(from) && letter.MatchString(from) {
		return nil
	}
	return errors.New("is no sender: a number of 3 to 15 digits, like 021234567, 02-123-4567 or +8221234567, or a name of at most 11 letters and digits")
}

// names reports whether the body depends on the sender.
func names(body *template.Template) bool {
	var with, without bytes.Buffer
	example := values{To: "+821012345678", National: "01012345678", Text: "text", ID: "id"}
	if body.Execute(&without, example) != nil {
		return false
	}
	example.From = "021234567"
	return body.Execute(&with, example) == nil && !bytes.Equal(with.Bytes(), without.Bytes())
}
