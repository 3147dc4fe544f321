// Package password hashes passwords and decides which ones may be chosen.
//
// The rules it keeps:
//
//   - A password is text. It is put into Unicode normalisation form C before it
//     is measured, hashed or compared, and is otherwise taken as it is: nothing
//     is trimmed, folded or cut. What does not fit is refused, never shortened.
//   - New hashes use the configured algorithm; hashes of both algorithms are
//     verified whatever the setting. [Match.Stale] tells the caller to replace
//     an old one while it has the password at hand.
//   - A bounded number of hashes runs at once ([Hasher]). A password that is longer than
//     any account's is answered without waiting for one of them.
//   - Checking a password without a stored hash ([Hasher.Verify]) costs what checking
//     one with a hash does.
//   - [Policy] reports every violated rule at once, in terms that a form in a
//     browser can evaluate to the same verdict.
//
// Which policy? [Classic] is what many sign-up pages still promise their users:
// 8 to 15 characters of several kinds. [Modern] follows NIST SP 800-63B-4 §3.1.1.2: length
// counts, composition does not, and what everybody guesses first is refused. Choose
// modern unless something outside forces the other.
//
// The package takes and returns plain strings, so that it depends on nothing of
// ours; a caller that wraps secrets unwraps them at the call. No error of this
// package contains a password or a hash.
package password
