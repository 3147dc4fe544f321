package rpc

import (
	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// reply is the Connect code of a reason, and its English message for developers. Pages show their own text, in the user's
// language.
type reply struct {
	code    connect.Code
	message string
}

// replies has an entry for every reason except UNSPECIFIED, as docs/errors.md has. Tests compare the three.
var replies = map[latchkeyv1.Reason]reply{
	latchkeyv1.Reason_REASON_INVALID_FIELDS:  {connect.CodeInvalidArgument, "the request breaks rules of the contract"},
	latchkeyv1.Reason_REASON_PASSWORD_POLICY: {connect.CodeInvalidArgument, "the password does not meet the policy"},

	latchkeyv1.Reason_REASON_EMAIL_TAKEN:    {connect.CodeAlreadyExists, "the e-mail address belongs to an account"},
	latchkeyv1.Reason_REASON_PHONE_TAKEN:    {connect.CodeAlreadyExists, "the phone number belongs to an account"},
	latchkeyv1.Reason_REASON_NICKNAME_TAKEN: {connect.CodeAlreadyExists, "the nickname belongs to an account"},

	latchkeyv1.Reason_REASON_CODE_MISMATCH:           {connect.CodeFailedPrecondition, "the code is wrong"},
	latchkeyv1.Reason_REASON_CODE_EXPIRED:            {connect.CodeFailedPrecondition, "the code has expired; ask for a new one"},
	latchkeyv1.Reason_REASON_CODE_SPENT:              {connect.CodeFailedPrecondition, "the code cannot be used any more; ask for a new one"},
	latchkeyv1.Reason_REASON_VERIFICATION_REQUIRED:   {connect.CodeFailedPrecondition, "a contact has to be proven by a code first"},
	latchkeyv1.Reason_REASON_PROOF_INVALID:           {connect.CodeFailedPrecondition, "the proof is unknown, used, expired, or for something else"},
	latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED: {connect.CodeFailedPrecondition, "sign in again first"},
	latchkeyv1.Reason_REASON_LAST_SIGN_IN_METHOD:     {connect.CodeFailedPrecondition, "the account would have no way to sign in left"},

	latchkeyv1.Reason_REASON_CREDENTIALS_INVALID: {connect.CodeUnauthenticated, "identifier or password is wrong"},
	latchkeyv1.Reason_REASON_TOKEN_MISSING:       {connect.CodeUnauthenticated, "sign in; then send Authorization: Bearer …, or the cookies with Latchkey-Session: cookie"},
	latchkeyv1.Reason_REASON_TOKEN_INVALID:       {connect.CodeUnauthenticated, "the token is not valid here"},
	latchkeyv1.Reason_REASON_TOKEN_EXPIRED:       {connect.CodeUnauthenticated, "the token has expired; refresh it"},
	latchkeyv1.Reason_REASON_SESSION_REVOKED:     {connect.CodeUnauthenticated, "the session has ended; sign in again"},
	latchkeyv1.Reason_REASON_REFRESH_REUSED:      {connect.CodeUnauthenticated, "the refresh token was used before; the session has ended everywhere"},

	latchkeyv1.Reason_REASON_ROLE_REQUIRED:    {connect.CodePermissionDenied, "the caller's role does not allow this"},
	latchkeyv1.Reason_REASON_ACCOUNT_DISABLED: {connect.CodePermissionDenied, "the account is disabled"},
	latchkeyv1.Reason_REASON_ORIGIN_REFUSED:   {connect.CodePermissionDenied, "pages of this origin may not call with cookies"},

	latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS: {connect.CodeResourceExhausted, "too many attempts; wait"},
	latchkeyv1.Reason_REASON_TOO_MANY_SENDS:    {connect.CodeResourceExhausted, "too many codes were asked for; wait"},
	latchkeyv1.Reason_REASON_BUSY:              {connect.CodeResourceExhausted, "the server is busy; try again shortly"},

	latchkeyv1.Reason_REASON_NOT_FOUND:       {connect.CodeNotFound, "there is no such thing here"},
	latchkeyv1.Reason_REASON_DEPENDENCY_DOWN: {connect.CodeUnavailable, "the server cannot answer now; try again shortly"},
	latchkeyv1.Reason_REASON_TIMED_OUT:       {connect.CodeDeadlineExceeded, "the call took longer than allowed"},
	latchkeyv1.Reason_REASON_CANCELED:        {connect.CodeCanceled, "the caller went away"},
	latchkeyv1.Reason_REASON_INTERNAL:        {connect.CodeInternal, "something went wrong on the server; tell us the request id"},
	latchkeyv1.Reason_REASON_UNIMPLEMENTED:   {connect.CodeUnimplemented, "there is no such method, or it is not built yet"},
}
