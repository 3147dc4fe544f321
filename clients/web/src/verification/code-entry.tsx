import { useState } from "react";
import { localizedError } from "../i18n/localized-text";
import { notify } from "../notices/notices";
import { CodeForm } from "./code-form";
import { ContinueStep } from "./continue-step";
import { invalidatesProof } from "./proof-errors";
import { isProven, type SentCode } from "./sent-code";
import type { Verification } from "./use-verification";

interface CodeEntryProps {
  readonly verification: Verification;
  readonly sent: SentCode;
  /** Replaces the hint that names the recipient. */
  readonly hint?: string;
  /** The label of the button that retries onProven. */
  readonly submit?: string | undefined;
  /**
   * Called with the verification id once the code was right. When it rejects, a notice shows the error. It can be retried with
   * the same proof, unless the error invalidates the proof.
   */
  readonly onProven: (verificationId: string, code: SentCode) => unknown;
}

/** Asks for the code that was sent, and calls onProven. After a failure the user retries without entering the code again. */
export function CodeEntry({ verification, sent, hint, submit, onProven }: CodeEntryProps) {
  const [busy, setBusy] = useState(false);

  async function finish(code: SentCode) {
    setBusy(true);
    try {
      await onProven(code.verificationId, code);
    } catch (caught) {
      notify("error", localizedError(caught));
      if (invalidatesProof(caught)) {
        verification.reset();
      }
    } finally {
      setBusy(false);
    }
  }

  return isProven(sent) ? (
    <ContinueStep submit={submit} busy={busy} onContinue={() => void finish(sent)} />
  ) : (
    <CodeForm verification={verification} sent={sent} hint={hint} onVerified={finish} />
  );
}
