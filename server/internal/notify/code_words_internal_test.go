package notify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// constants returns the values of a type's constants in a file, so that a test does not overlook a new one.
func constants(t *testing.T, file, typeName string) (values []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range parsed.Decls {
		list, ok := declaration.(*ast.GenDecl)
		if !ok || list.Tok != token.CONST {
			continue
		}
		for _, spec := range list.Specs {
			value := spec.(*ast.ValueSpec)
			if of, ok := value.Type.(*ast.Ident); !ok || of.Name != typeName {
				continue
			}
			text, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, text)
		}
	}
	if len(values) == 0 {
		t.Fatalf("%s has no constants of %s", file, typeName)
	}
	return values
}

func TestEveryPurposeOfACodeHasItsWords(t *testing.T) {
	t.Parallel()

	purposes := constants(t, "../verification/verification.go", "Purpose")
	for _, purpose := range purposes {
		for _, channel := range []Channel{Email, SMS} {
			for _, locale := range []string{"ko", "en"} {
				if templates.Lookup(templateName("code_"+purpose, channel, locale)) == nil {
					t.Errorf("%s by %s, %s: there is no template", purpose, channel, locale)
				}
			}
		}
	}
}

// A person who did not ask for the code learns what it would be for, and what to do.
func TestOT06_ACodeSaysWhatItIsForAndWhatToDoIfItWasNotAskedFor(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		purpose verification.Purpose
		channel Channel
		locale  string
		holds   []string
	}{
		{verification.SignUp, Email, "en", []string{"code to sign up", "ignore this mail", "Do not give it to anyone"}},
		{verification.SignIn, Email, "en", []string{"code to sign in", "ignore this mail", "Do not give it to anyone"}},
		{verification.ResetPassword, Email, "en", []string{"code to reset your password", "ignore this mail", "Do not give it to anyone"}},
		{verification.ChangeContact, Email, "en", []string{"code to change your e-mail address", "ignore this mail", "Do not give it to anyone"}},
		{verification.Reauthenticate, Email, "en", []string{"code to confirm it is you", "ignore this mail", "Do not give it to anyone"}},
		{verification.SignUp, Email, "ko", []string{"가입 인증번호", "무시해 주세요", "알려 주지 마세요"}},
		{verification.SignIn, Email, "ko", []string{"로그인 인증번호", "무시해 주세요", "알려 주지 마세요"}},
		{verification.ResetPassword, Email, "ko", []string{"비밀번호 재설정 인증번호", "무시해 주세요", "알려 주지 마세요"}},
		{verification.ChangeContact, Email, "ko", []string{"이메일 변경 인증번호", "무시해 주세요", "알려 주지 마세요"}},
		{verification.Reauthenticate, Email, "ko", []string{"본인 확인 인증번호", "무시해 주세요", "알려 주지 마세요"}},
		{verification.SignUp, SMS, "en", []string{"Sign-up", "Ignore", "Never share"}},
		{verification.SignIn, SMS, "en", []string{"Sign-in", "Ignore", "Never share"}},
		{verification.ResetPassword, SMS, "en", []string{"Password reset", "Ignore", "Never share"}},
		{verification.ChangeContact, SMS, "en", []string{"New number", "Ignore", "Never share"}},
		{verification.Reauthenticate, SMS, "en", []string{"Identity", "Ignore", "Never share"}},
		{verification.SignUp, SMS, "ko", []string{"가입 인증번호", "알리지 말고 무시하세요"}},
		{verification.SignIn, SMS, "ko", []string{"로그인 인증번호", "알리지 말고 무시하세요"}},
		{verification.ResetPassword, SMS, "ko", []string{"비밀번호 재설정 인증번호", "알리지 마세요"}},
		{verification.ChangeContact, SMS, "ko", []string{"번호 변경 인증번호", "알리지 마세요"}},
		{verification.Reauthenticate, SMS, "ko", []string{"본인 확인 인증번호", "알리지 마세요"}},
	} {
		message := renderedFor(t, c.purpose, c.channel, c.locale, 10*time.Minute)
		for _, text := range c.holds {
			if !strings.Contains(message.Text.Reveal(), text) {
				t.Errorf("%s by %s, %s: %q does not say %q", c.purpose, c.channel, c.locale, message.Text.Reveal(), text)
			}
		}
		if c.channel == Email && (!strings.Contains(message.Subject.Reveal(), c.holds[0]) || !strings.Contains(message.HTML.Reveal(), c.holds[0]+"</h1>")) {
			t.Errorf("%s, %s: the subject is %q, and the page does not say what the code is for", c.purpose, c.locale, message.Subject.Reveal())
		}
	}
}

// Pages, messages and errors speak in one register, 해요체: a sentence ends in 요 or 세요, not in 니다.
func TestKoreanMessagesSpeakInOneRegister(t *testing.T) {
	t.Parallel()

	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := templateFiles.ReadFile("templates/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "니다") || strings.Contains(string(text), "하시") {
			t.Errorf("%s is in another register:\n%s", file.Name(), text)
		}
	}
}

// renderedFor renders a code for a purpose.
func renderedFor(t *testing.T, purpose verification.Purpose, channel Channel, locale string, left time.Duration) Message {
	t.Helper()
	to := verification.Contact{Channel: verification.Email, Value: "somebody"}
	if channel == SMS {
		to.Channel = verification.Phone
	}
	message, err := renderCode(verification.Sendable{
		Purpose: purpose, Contact: to, Locale: locale, Code: secret.NewText("042917"), ExpiresAt: now.Add(left),
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	return message
}
