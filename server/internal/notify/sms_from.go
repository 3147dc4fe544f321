package notify

import (
	"errors"
	"strings"
)

// KoreanSender returns the digits of a sender number, as the Korean providers expect it, and refuses what cannot be one. Sender
// numbers must be registered with the provider (발신번호 사전등록). Mobile numbers begin with 010. Others are fixed lines and the short
// numbers of companies, with 8 to 11 digits.
func KoreanSender(text string) (string, error) {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, text)
	if strings.Trim(digits, "0123456789") != "" || len(digits) < 8 || len(digits) > 11 {
		return "", errors.New("is not a Korean sender number: 8 to 11 digits without a country code, like 010-1234-5678 or 02-123-4567")
	}
	if strings.HasPrefix(digits, "01") && (!strings.HasPrefix(digits, "010") || len(digits) != 11) {
		return "", errors.New("is not a mobile number of 11 digits that begins with 010, like 010-1234-5678")
	}
	return digits, nil
}
