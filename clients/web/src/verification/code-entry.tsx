import { useState } from "react";
import { localizedError } from "../i18n/localized-text";
import { notify } from "../notices/notices";
import { CodeForm } from "./code-form";
import { endsProof } from "./final-refusals";
import { LastStep } from "./last-step";
import { isProven, type SentCode } from "./sent-code";
import type { Verification } from "./use-verification";

interface CodeEntryProps {
  readonly verification: Verification;
  readonly sent: SentCode;
  /** Says where the code has gone, in place of the plain words for it. */
  readonly hint?: string;
  /** The words of the button that repeats the last step. */
  readonly submit?: string | undefined;
  /**
   * Is called with the verification once the code was right. When it rejects, a notice says why; the proof is kept and this can
   * be called again, unless the proof is of no more use.
   */
  readonly onProven: (verificationId: string, code: SentCode) => unknown;
}

/** Takes the code that was sent, and does with its proof what comes next. A right code is never asked for twice. */
export function CodeEntry({ verification, sent, hint, submit, onProven }: CodeEntryProps) {
  const [busy, setBusy] = useState(false);

  async function goOn(code: SentCode) {
    setBusy(true);
    try {
      await onProven(code.verificationId, code);
    } catch (caught) {
      notify("error", localizedError(caught));
      if (endsProof(caught)) {
        verification.forget();
      }
    } finally {
      setBusy(false);
    }
  }

  return isProven(sent) ? (
    <LastStep submit={submit} busy={busy} onContinue={() => void goOn(sent)} />
  ) : (
    <CodeForm verification={verification} sent={sent} hint={hint} onRight={goOn} />
  );
}
