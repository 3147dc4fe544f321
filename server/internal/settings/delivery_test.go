package settings_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func TestProvidersAreWhereTheyAre(t *testing.T) {
	t.Parallel()

	p := parse(t, nil)
	for got, want := range map[string]string{
		p.SMS.Solapi.URL: solapi.URL, p.SMS.SENS.URL: sens.URL, p.SMS.Twilio.URL: twilio.URL, p.FCM.Endpoint: fcm.Endpoint,
	} {
		if got != want {
			t.Errorf("the default is %s, want %s", got, want)
		}
	}
}

// Complete configurations, and the problems of each when one setting is removed or changed.
func TestSetUpsOfDelivery(t *testing.T) {
	t.Parallel()

	gmail := map[string]string{
		"SMTP_HOST": "smtp.gmail.com", "SMTP_USER": "shop@gmail.com", "SMTP_PASSWORD": "abcd efgh ijkl mnop", "MAIL_FROM": "Shop <shop@gmail.com>",
	}
	solapi := map[string]string{
		"SMS_PROVIDER": "solapi", "SOLAPI_API_KEY": "NCS", "SOLAPI_API_SECRET": "s", "SMS_FROM": "010-1234-5678",
	}
	sens := map[string]string{
		"SMS_PROVIDER": "sens", "SENS_SERVICE_ID": "ncp:sms:kr:1:x", "SENS_ACCESS_KEY": "k", "SENS_SECRET_KEY": "s", "SMS_FROM": "02-123-4567",
	}
	twilio := map[string]string{
		"SMS_PROVIDER": "twilio", "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef", "TWILIO_AUTH_TOKEN": "t", "SMS_FROM": "+15005550006",
	}
	gateway := map[string]string{
		"SMS_PROVIDER": "http", "SMS_HTTP_URL": "https://sms.example.com/send", "SMS_HTTP_HEADERS": `{"X-Key":"1"}`,
		"SMS_HTTP_BODY": `{"to":{{json .National}},"text":{{json .Text}}}`, "SMS_HTTP_SUCCESS": `"ok":true`,
	}
	usual := map[string]string{"SMS_PROVIDER": "http", "SMS_HTTP_URL": "https://sms.example.com/send", "SMS_FROM": "02-123-4567"}
	both := merged(solapi, map[string]string{
		"SMS_FALLBACK": "twilio", "SMS_FALLBACK_FROM": "+15005550006", "TWILIO_ACCOUNT_SID": twilio["TWILIO_ACCOUNT_SID"], "TWILIO_AUTH_TOKEN": "t",
	})
	push := map[string]string{
		"FCM_CREDENTIALS":   serviceAccount(t, "shop"),
		"FCM_WEB_CONFIG":    `{"apiKey":"k","authDomain":"shop.firebaseapp.com","projectId":"shop","messagingSenderId":"1","appId":"1:1:web:a"}`,
		"FCM_WEB_VAPID_KEY": "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs",
	}
	fixed := map[string]string{"FIXED_CODES": "review@example.com=135790, 010-1234-5678=246802", "FIXED_CODES_UNTIL": "2027-01-31"}
	for name, c := range map[string]struct {
		with map[string]string
		but  map[string]string
		// told are the settings with a problem.
		told []string
	}{
		"Gmail":                        {with: gmail},
		"Gmail by port 465":            {with: gmail, but: map[string]string{"SMTP_PORT": "465", "SMTP_TLS": "tls"}},
		"a relay on this machine":      {with: gmail, but: map[string]string{"SMTP_HOST": "localhost", "SMTP_PORT": "25", "SMTP_TLS": "none"}},
		"a relay without a user":       {with: gmail, but: map[string]string{"SMTP_HOST": "relay", "SMTP_TLS": "none", "SMTP_USER": "", "SMTP_PASSWORD": ""}},
		"an address for a host":        {with: gmail, but: map[string]string{"SMTP_HOST": "2001:db8::1"}},
		"no sender":                    {with: gmail, but: map[string]string{"MAIL_FROM": ""}, told: []string{"MAIL_FROM"}},
		"no password":                  {with: gmail, but: map[string]string{"SMTP_PASSWORD": ""}, told: []string{"SMTP_PASSWORD"}},
		"no user":                      {with: gmail, but: map[string]string{"SMTP_USER": ""}, told: []string{"SMTP_USER"}},
		"no host":                      {with: gmail, but: map[string]string{"SMTP_HOST": ""}, told: []string{"MAIL_FROM", "SMTP_PASSWORD", "SMTP_USER"}},
		"a password in clear":          {with: gmail, but: map[string]string{"SMTP_TLS": "none"}, told: []string{"SMTP_TLS"}},
		"TLS from the start on 587":    {with: gmail, but: map[string]string{"SMTP_TLS": "tls"}, told: []string{"SMTP_TLS"}},
		"STARTTLS on 465":              {with: gmail, but: map[string]string{"SMTP_PORT": "465"}, told: []string{"SMTP_TLS"}},
		"a URL for a host":             {with: gmail, but: map[string]string{"SMTP_HOST": "smtp://smtp.gmail.com"}, told: []string{"SMTP_HOST"}},
		"a line break in the sender":   {with: gmail, but: map[string]string{"MAIL_FROM": "a@example.com\nBcc: b@example.com"}, told: []string{"MAIL_FROM"}},
		"Solapi":                       {with: solapi},
		"Solapi without keys":          {with: solapi, but: map[string]string{"SOLAPI_API_KEY": "", "SOLAPI_API_SECRET": ""}, told: []string{"SOLAPI_API_KEY", "SOLAPI_API_SECRET"}},
		"Solapi from abroad":           {with: solapi, but: map[string]string{"SMS_FROM": "+821012345678"}, told: []string{"SMS_FROM"}},
		"Solapi from an old mobile":    {with: solapi, but: map[string]string{"SMS_FROM": "011-123-4567"}, told: []string{"SMS_FROM"}},
		"Solapi from nobody":           {with: solapi, but: map[string]string{"SMS_FROM": ""}, told: []string{"SMS_FROM"}},
		"SENS":                         {with: sens},
		"SENS without keys":            {with: sens, but: map[string]string{"SENS_SERVICE_ID": "", "SENS_ACCESS_KEY": "", "SENS_SECRET_KEY": ""}, told: []string{"SENS_ACCESS_KEY", "SENS_SECRET_KEY", "SENS_SERVICE_ID"}},
		"Twilio":                       {with: twilio},
		"Twilio by a service":          {with: twilio, but: map[string]string{"SMS_FROM": "MG0123456789abcdef0123456789abcdef"}},
		"Twilio from national digits":  {with: twilio, but: map[string]string{"SMS_FROM": "010-1234-5678"}, told: []string{"SMS_FROM"}},
		"Twilio without an account":    {with: twilio, but: map[string]string{"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": ""}, told: []string{"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"}},
		"a gateway":                    {with: gateway},
		"a gateway as it is usual":     {with: usual},
		"a gateway from nobody":        {with: usual, but: map[string]string{"SMS_FROM": ""}, told: []string{"SMS_FROM"}},
		"a gateway from nonsense":      {with: usual, but: map[string]string{"SMS_FROM": "02-123-4567 or 8"}, told: []string{"SMS_FROM"}},
		"a gateway by a name":          {with: usual, but: map[string]string{"SMS_FROM": "Latchkey"}},
		"a second gateway":             {with: merged(solapi, usual), but: map[string]string{"SMS_PROVIDER": "solapi", "SMS_FALLBACK": "http"}},
		"a second gateway of nonsense": {with: merged(solapi, usual), but: map[string]string{"SMS_PROVIDER": "solapi", "SMS_FALLBACK": "http", "SMS_FALLBACK_FROM": "+"}, told: []string{"SMS_FALLBACK_FROM"}},
		"a gateway in clear":           {with: gateway, but: map[string]string{"SMS_HTTP_URL": "http://sms.example.com"}, told: []string{"SMS_HTTP_URL"}},
		"a gateway nowhere":            {with: gateway, but: map[string]string{"SMS_HTTP_URL": ""}, told: []string{"SMS_HTTP_URL"}},
		"text that can break out":      {with: gateway, but: map[string]string{"SMS_HTTP_BODY": `{"text":"{{.Text}}"}`}, told: []string{"SMS_HTTP_BODY"}},
		"no expression":                {with: gateway, but: map[string]string{"SMS_HTTP_SUCCESS": "("}, told: []string{"SMS_HTTP_SUCCESS"}},
		"headers that are none":        {with: gateway, but: map[string]string{"SMS_HTTP_HEADERS": "X: 1"}, told: []string{"SMS_HTTP_HEADERS"}},
		"two providers":                {with: both},
		"two with one number":          {with: both, but: map[string]string{"SMS_FALLBACK_FROM": ""}, told: []string{"SMS_FROM"}},
		"the same provider twice":      {with: solapi, but: map[string]string{"SMS_FALLBACK": "solapi"}, told: []string{"SMS_FALLBACK"}},
		"a second without a first":     {with: both, but: map[string]string{"SMS_PROVIDER": ""}, told: []string{"SMS_FALLBACK", "SMS_FROM"}},
		"a number for nobody":          {with: solapi, but: map[string]string{"SMS_FALLBACK_FROM": "02-123-4567"}, told: []string{"SMS_FALLBACK_FROM"}},
		"push":                         {with: push},
		"push, and not to browsers":    {with: push, but: map[string]string{"FCM_WEB_CONFIG": "", "FCM_WEB_VAPID_KEY": ""}},
		"push without a certificate":   {with: push, but: map[string]string{"FCM_WEB_VAPID_KEY": ""}, told: []string{"FCM_WEB_VAPID_KEY"}},
		"a certificate for nothing":    {with: push, but: map[string]string{"FCM_WEB_CONFIG": ""}, told: []string{"FCM_WEB_CONFIG"}},
		"push that nobody sends":       {with: push, but: map[string]string{"FCM_CREDENTIALS": ""}, told: []string{"FCM_WEB_CONFIG", "FCM_WEB_VAPID_KEY"}},
		"push of another project":      {with: push, but: map[string]string{"FCM_CREDENTIALS": serviceAccount(t, "bakery")}, told: []string{"FCM_WEB_CONFIG"}},
		"push as the console shows it": {with: push, but: map[string]string{"FCM_WEB_CONFIG": `{apiKey: "k"}`}, told: []string{"FCM_WEB_CONFIG"}},
		"both of them wrong":           {with: push, but: map[string]string{"FCM_WEB_CONFIG": "{}", "FCM_WEB_VAPID_KEY": "B"}, told: []string{"FCM_WEB_CONFIG", "FCM_WEB_VAPID_KEY"}},
		"fixed codes":                  {with: fixed},
		"fixed codes without an end":   {with: fixed, but: map[string]string{"FIXED_CODES_UNTIL": ""}, told: []string{"FIXED_CODES_UNTIL"}},
		"an end without fixed codes":   {with: fixed, but: map[string]string{"FIXED_CODES": ""}, told: []string{"FIXED_CODES_UNTIL"}},
		"a fixed code of five digits":  {with: fixed, but: map[string]string{"FIXED_CODES": "a@example.com=12345"}, told: []string{"FIXED_CODES"}},
		"a fixed code for nobody":      {with: fixed, but: map[string]string{"FIXED_CODES": "=123456"}, told: []string{"FIXED_CODES"}},
		"a fixed code for everybody":   {with: fixed, but: map[string]string{"FIXED_CODES": "*=123456"}, told: []string{"FIXED_CODES"}},
		"two fixed codes for a number": {with: fixed, but: map[string]string{"FIXED_CODES": "010-1234-5678=123456,+821012345678=654321"}, told: []string{"FIXED_CODES"}},
		"an end that is no day":        {with: fixed, but: map[string]string{"FIXED_CODES_UNTIL": "2027-02-30"}, told: []string{"FIXED_CODES_UNTIL"}},
	} {
		var environ []string
		for variable, value := range merged(c.with, c.but) {
			environ = append(environ, "LATCHKEY_"+variable+"="+value)
		}
		told := map[string]bool{}
		for _, problem := range parse(t, environ).problems() {
			variable, _, _ := strings.Cut(problem, ":")
			told[strings.TrimPrefix(variable, "LATCHKEY_")] = true
		}
		// Twilio needs an account and a number: a problem of either may be reported for both.
		if got := slices.Sorted(maps.Keys(told)); !slices.Equal(got, c.told) {
			t.Errorf("%s: reported are %v, want %v", name, got, c.told)
		}
	}
}

// serviceAccount returns the key file of a service account.
func serviceAccount(t *testing.T, project string) string {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": project, "client_email": "push@example.com", "token_uri": "https://oauth2.googleapis.com/token",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

func merged(sets ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

func TestFixedCodesAreReadInAnySpelling(t *testing.T) {
	t.Parallel()

	fixed := parse(t, []string{"LATCHKEY_FIXED_CODES=Review@Example.com=135790, 010-1234-5678=246802", "LATCHKEY_FIXED_CODES_UNTIL=2027-01-31"}).Fixed()
	for contact, want := range map[verification.Contact]string{
		{Channel: verification.Email, Value: "review@example.com"}: "135790",
		{Channel: verification.Phone, Value: "+821012345678"}:      "246802",
	} {
		if got := fixed.Codes[contact].Reveal(); got != want {
			t.Errorf("%v has the code %q, want %q", contact, got, want)
		}
	}
	if want := time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC); len(fixed.Codes) != 2 || !fixed.Until.Equal(want) {
		t.Errorf("%d contacts until %v", len(fixed.Codes), fixed.Until)
	}
	// None is set by default.
	if none := parse(t, nil).Fixed(); len(none.Codes) != 0 || !none.Until.IsZero() {
		t.Errorf("by default: %v", none)
	}
}
