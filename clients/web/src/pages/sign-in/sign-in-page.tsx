import { formatPhone, SignInRequestSchema } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { Link, useLocation } from "react-router";
import { PasswordField } from "../../forms/password-field";
import { SubmitButton } from "../../forms/submit-button";
import { TextField } from "../../forms/text-field";
import { useRulesForm } from "../../forms/use-rules-form";
import { defineWords, useWords } from "../../i18n/words";
import { keepReturn } from "../../session/return-to";
import { SocialSignIn } from "../../social/social-sign-in";
import { Page } from "../../ui/page";
import { contactOf } from "../../verification/identifier";

const words = defineWords({
  en: {
    title: "Sign in",
    identifier: "E-mail address or mobile number",
    password: "Password",
    submit: "Sign in",
    forgotten: "Forgot your password?",
    new: "New here?",
    signUp: "Create an account",
  },
  ko: {
    title: "로그인",
    identifier: "이메일 또는 휴대폰 번호",
    password: "비밀번호",
    submit: "로그인",
    forgotten: "비밀번호를 잊으셨나요?",
    new: "처음이신가요?",
    signUp: "회원가입",
  },
});

/** Signing in by address or number, and password. */
export default function SignInPage() {
  const say = useWords(words);
  const { auth } = useLatchkey();
  const { search } = useLocation();
  const region = useSettings()?.phoneRegion ?? "";
  const form = useRulesForm(SignInRequestSchema, {
    defaultValues: { identifier: "", password: "" },
    rename: { email: "identifier", phone: "identifier" },
    toRequest: ({ identifier, password }) => ({
      ...contactOf(identifier),
      password,
    }),
  });
  return (
    <Page title={say.title}>
      <form noValidate onSubmit={form.sends((request) => auth.signIn(request))} className="space-y-5">
        <TextField
          control={form.control}
          name="identifier"
          label={say.identifier}
          shape={(text) => formatPhone(text, region)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField control={form.control} name="password" label={say.password} autoComplete="current-password" />
        <SubmitButton control={form.control}>{say.submit}</SubmitButton>
      </form>
      <SocialSignIn />
      <p className="mt-5 text-center">
        <Link to={keepReturn("/reset-password", search)}>{say.forgotten}</Link>
      </p>
    </Page>
  );
}
