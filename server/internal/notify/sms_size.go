package notify

import "strings"

const (
	// What is longer goes out as an LMS or in two parts, which costs more, or is refused.
	smsSize = 90
	// Korean carriers put a mark in front of what comes from the web, [Web발신], or from abroad. The latter, [국제발신], is the
	// longer one.
	carrierMark = len("[") + 4*2 + len("]\n")
)

// firstThatFits gives the first line that an SMS has room for, and else the last one, which holds nothing of a length that
// is not known beforehand.
func firstThatFits(lines string) string {
	var last string
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		if last = strings.TrimSpace(line); carrierMark+sizeInEUCKR(last) <= smsSize {
			break
		}
	}
	return last
}

// sizeInEUCKR counts the bytes of a text of our own, whose letters EUC-KR has: one for those of ASCII, two for others.
func sizeInEUCKR(text string) (n int) {
	for _, r := range text {
		if n++; r > 0x7f {
			n++
		}
	}
	return n
}
