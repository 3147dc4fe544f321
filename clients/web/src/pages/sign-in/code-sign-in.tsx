import { LatchkeyError, Purpose, type Reason } from "@latchkey-auth/client";
import { useErrorText, useLatchkey } from "@latchkey-auth/client/react";
import { useState } from "react";
import { defineWords, useWords } from "../../i18n/words";
import { notify } from "../../notices/notices";
import { Button } from "../../ui/button";
import { IdentifierVerification } from "../../verification/identifier-verification";
import type { WayToSignIn } from "./way-to-sign-in";

const words = defineWords({
  en: {
    proven: "The code was right. Only the last step did not get through.",
    submit: "Sign in",
  },
  ko: {
    proven: "인증번호가 확인되었어요. 마지막 단계만 남았어요.",
    submit: "로그인",
  },
});

/** Refusals after which the proof is of no more use. */
const final: ReadonlySet<Reason> = new Set<Reason>(["PROOF_INVALID", "ACCOUNT_DISABLED", "CREDENTIALS_INVALID"]);

/** Signing in with a code that is sent to the address or number. */
export default function CodeSignIn({ identifier, onIdentifier }: WayToSignIn) {
  const say = useWords(words);
  const errorText = useErrorText();
  const { auth } = useLatchkey();
  // A right code is not asked for twice because a connection broke off.
  const [proof, setProof] = useState<{ readonly verificationId: string; readonly identifier: string }>();
  const [busy, setBusy] = useState(false);
  // Begins anew, with what was typed last, after a proof that is of no use.
  const [start, setStart] = useState({ round: 0, identifier });

  async function signIn(verificationId: string, proven: string) {
    setBusy(true);
    try {
      await auth.signInWithCode({ verificationId });
    } catch (caught) {
      const error = LatchkeyError.from(caught);
      notify("problem", errorText(error));
      if (final.has(error.reason)) {
        setProof(undefined);
        setStart({ round: start.round + 1, identifier: proven });
      } else {
        setProof({ verificationId, identifier: proven });
      }
    } finally {
      setBusy(false);
    }
  }

  if (proof) {
    return (
      <div className="space-y-4">
        <p>{say.proven}</p>
        <Button wide busy={busy} onClick={() => void signIn(proof.verificationId, proof.identifier)}>
          {say.submit}
        </Button>
      </div>
    );
  }
  return (
    <IdentifierVerification
      key={start.round}
      purpose={Purpose.SIGN_IN}
      identifier={start.identifier}
      onIdentifier={onIdentifier}
      onProven={signIn}
    />
  );
}
