import { formatPhone, type LatchkeyError, SignInRequestSchema } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useEffect, useEffectEvent } from "react";
import { type Control, useWatch } from "react-hook-form";
import { Link, useLocation } from "react-router";
import { PasswordField } from "../../forms/password-field";
import { SubmitButton } from "../../forms/submit-button";
import { TextField } from "../../forms/text-field";
import { useRulesForm } from "../../forms/use-rules-form";
import { localizedError } from "../../i18n/localized-text";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { notify } from "../../notices/notices";
import type { IdentifierState } from "../../session/identifier-state";
import { linkKeepingReturn } from "../../session/return-to";
import { parseIdentifier } from "../../verification/parse-identifier";
import type { SignInFormProps } from "./sign-in-form";

const translations = defineTranslations({
  en: {
    identifier: "E-mail address or mobile number",
    password: "Password",
    submit: "Sign in",
    forgotPassword: "Forgot your password?",
  },
  ko: {
    identifier: "이메일 또는 휴대폰 번호",
    password: "비밀번호",
    submit: "로그인",
    forgotPassword: "비밀번호를 잊으셨나요?",
  },
});

interface Values {
  identifier: string;
  password: string;
}

/** The form to sign in with a password. */
export function PasswordSignIn({ identifier, onIdentifier }: SignInFormProps) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  const region = useSettings().data?.phoneRegion ?? "";
  const form = useRulesForm(SignInRequestSchema, {
    defaultValues: { identifier, password: "" },
    fieldNames: { email: "identifier", phone: "identifier" },
    toRequest: (values: Values) => ({ ...parseIdentifier(values.identifier), password: values.password }),
  });

  useEffect(() => form.setFocus(identifier === "" ? "identifier" : "password"), [form, identifier]);

  const onChange = useEffectEvent((values: Values) => onIdentifier(values.identifier));
  useEffect(() => form.subscribe({ formState: { values: true }, callback: ({ values }) => onChange(values) }), [form]);

  function onError(error: LatchkeyError): boolean {
    if (error.reason !== "CREDENTIALS_INVALID") {
      return false;
    }
    form.resetField("password");
    form.setFocus("password");
    notify("error", localizedError(error));
    return true;
  }

  return (
    <form noValidate onSubmit={form.submitHandler((request) => auth.signIn(request), onError)} className="space-y-5">
      <TextField
        control={form.control}
        name="identifier"
        label={t.identifier}
        required
        enterKeyHint="next"
        formatValue={(text) => formatPhone(text, region)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordField control={form.control} name="password" label={t.password} autoComplete="current-password" />
      <SubmitButton control={form.control}>{t.submit}</SubmitButton>
      <ForgotPasswordLink control={form.control} />
    </form>
  );
}

/** A link to the reset page that hands over the typed identifier. */
function ForgotPasswordLink<Output>({ control }: { readonly control: Control<Values, unknown, Output> }) {
  const t = useTranslations(translations);
  const { search } = useLocation();
  const state: IdentifierState = { identifier: useWatch({ control, name: "identifier" }) };
  return (
    <p className="text-center">
      <Link
        to={linkKeepingReturn("/reset-password", search)}
        state={state}
        className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
      >
        {t.forgotPassword}
      </Link>
    </p>
  );
}
