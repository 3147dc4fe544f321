package account

import "testing"

// Two nicknames that look the same have one key, also where an emoji may contain characters that are invisible elsewhere.
func TestIN02_InvisibleCharactersMakeNoOtherNickname(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{
		{"Ada\u2764", "ada\u2764\ufe0f"},
		{"\U0001f469\U0001f4bb", "\U0001f469\u200d\U0001f4bb"},
		{"\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00"},
		{"STRASSE", "stra\u00dfe"},
		{"\uff21da", "ada"},
	} {
		if a, b := nicknameKey(same[0]), nicknameKey(same[1]); a != b {
			t.Errorf("%+q has the key %+q, and %+q has %+q", same[0], a, same[1], b)
		}
	}
	if nicknameKey("ada") == nicknameKey("adb") {
		t.Error("two nicknames have one key")
	}
}
