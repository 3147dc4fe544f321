import { Purpose } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { IdentifierVerification } from "../../verification/identifier-verification";
import { type SignInFormProps, signInCodeKey } from "./sign-in-form";

const translations = defineTranslations({ en: { submit: "Sign in" }, ko: { submit: "로그인" } });

/** The form to sign in with a code. */
export default function CodeSignIn({ identifier, onIdentifier }: SignInFormProps) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  return (
    <IdentifierVerification
      purpose={Purpose.SIGN_IN}
      storageKey={signInCodeKey}
      identifier={identifier}
      onIdentifier={onIdentifier}
      submit={t.submit}
      onProven={({ verificationId }) => auth.signInWithCode({ verificationId })}
    />
  );
}
