import { LatchkeyError, type Purpose, timestampDate } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import { keepCode, keptCode } from "./kept-codes";
import type { Contact, SentCode } from "./sent-code";

/** Sending a code, and proving by it that a contact is one's own. */
export interface Verification {
  /** The newest code; undefined before the first. */
  readonly sent: SentCode | undefined;
  /** Sends a code, or another one, which voids the one before. Rejects with a LatchkeyError. */
  readonly send: (contact: Contact) => Promise<void>;
  /**
   * Enters the code, and resolves once it was right. Rejects with a LatchkeyError. When the answer was lost, the same code can
   * be entered again.
   */
  readonly enter: (code: string) => Promise<SentCode>;
  /** Forgets the code, for another contact or once its proof was used. */
  readonly forget: () => void;
}

const minutes = 60_000;

/** Codes for one purpose. With `keepAs`, a user who leaves the page or loads it again goes on with the code that was sent. */
export function useVerification(purpose: Purpose, keepAs?: string): Verification {
  const { auth, session } = useLatchkey();
  const codes = useSettings().data?.codes;
  const owner = session.getSnapshot().user?.id;
  const [sent, setSent] = useState(() => (keepAs ? keptCode(keepAs, owner) : undefined));
  const ttl = codes?.ttl ? Number(codes.ttl.seconds) * 1000 : 10 * minutes;

  function know(code: SentCode | undefined) {
    setSent(code);
    if (keepAs) {
      keepCode(keepAs, owner, code);
    }
  }

  return {
    sent,
    async send(contact) {
      try {
        const { verificationId, expiresAt, resendAt } = await auth.sendCode({ purpose, ...contact });
        // The clock of this device may be wrong, so only the distance between the server's two moments counts.
        const endsAt = Date.now() + ttl;
        const clockAhead = expiresAt ? endsAt - timestampDate(expiresAt).getTime() : 0;
        know({
          contact,
          purpose,
          verificationId,
          endsAt,
          resendAt: resendAt ? timestampDate(resendAt).getTime() + clockAhead : Date.now(),
          clockAhead,
        });
      } catch (caught) {
        const { retryAfter } = LatchkeyError.from(caught);
        if (sent && retryAfter) {
          know({ ...sent, resendAt: Date.now() + retryAfter });
        }
        throw caught;
      }
    },
    async enter(code) {
      if (!sent) {
        throw new Error("there is no code to enter");
      }
      const { expiresAt } = await auth.verifyCode({ verificationId: sent.verificationId, code });
      const proofEndsAt = expiresAt ? timestampDate(expiresAt).getTime() + sent.clockAhead : Date.now() + 15 * minutes;
      const proven = { ...sent, proofEndsAt };
      know(proven);
      return proven;
    },
    forget: () => know(undefined),
  };
}
