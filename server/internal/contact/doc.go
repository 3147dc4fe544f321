// Package contact gives an e-mail address and a phone number one canonical
// form each. That form is the only one the rest of the server sees: it is
// looked up, kept unique, counted by the limits and sent to (REQUIREMENTS.md
// ID-02, ID-03). Nothing may compare, count or mail the text a user typed.
//
// The rules the package keeps:
//
//   - Parsing is idempotent: parsing a canonical form gives the same value
//     again, whatever region is asked for. A value can be stored as text and
//     read back through the same door.
//   - A canonical form is printable ASCII without blanks, commas, double
//     quotes or angle brackets, so it is safe in a mail header, an SMTP command, a log
//     line and a provider's JSON (IN-06).
//   - What is unclear is refused, not guessed. An address that two mail
//     systems read differently, or a number that is valid in two countries,
//     could send a code to a stranger (ID-04).
//   - Every refusal is an [*Invalid] with a stable rule id. The texts never
//     repeat the input, so they are safe to log and to show.
//   - Logging a value with slog writes its masked form; only String gives the
//     whole.
//
// The files in testdata are the specification by example, and are written so
// that another implementation (a form in the browser) can be run through them.
package contact
