import { Purpose } from "@latchkey-auth/client";
import { useLatchkey } from "@latchkey-auth/client/react";
import { defineTranslations, useTranslations } from "../../i18n/translations";
import { IdentifierVerification } from "../../verification/identifier-verification";
import { signInCode, type WayToSignIn } from "./way-to-sign-in";

const translations = defineTranslations({ en: { submit: "Sign in" }, ko: { submit: "로그인" } });

/** Signing in with a code that is sent to the address or number. */
export default function CodeSignIn({ identifier, onIdentifier }: WayToSignIn) {
  const t = useTranslations(translations);
  const { auth } = useLatchkey();
  return (
    <IdentifierVerification
      purpose={Purpose.SIGN_IN}
      keepAs={signInCode}
      identifier={identifier}
      onIdentifier={onIdentifier}
      submit={t.submit}
      onProven={({ verificationId }) => auth.signInWithCode({ verificationId })}
    />
  );
}
