package notify

import "strings"

const (
	// A longer text is sent as LMS or in two parts, which costs more, or is refused.
	smsSize = 90
	// Korean carriers prefix messages from the web with [Web발신], and messages from abroad with [국제발신], which is longer.
	carrierMark = len("[") + 4*2 + len("]\n")
)

// firstThatFits returns the first line that fits into an SMS. If none fits, it returns the last one, whose length is known.
func firstThatFits(lines string) string {
	var last string
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		if last = strings.TrimSpace(line); carrierMark+sizeInEUCKR(last) <= smsSize {
			break
		}
	}
	return last
}

// sizeInEUCKR returns the size of a text in EUC-KR: one byte for ASCII, two for other letters. Our texts have only letters that
// EUC-KR has.
func sizeInEUCKR(text string) (n int) {
	for _, r := range text {
		if n++; r > 0x7f {
			n++
		}
	}
	return n
}
