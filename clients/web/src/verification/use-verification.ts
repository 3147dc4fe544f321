import { LatchkeyError, type Purpose, timestampDate } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import type { Contact, SentCode } from "./sent-code";
import { loadCode, storeCode } from "./stored-codes";

/** The verification of a contact by a code. */
export interface Verification {
  /** The newest code; undefined before the first. */
  readonly sent: SentCode | undefined;
  /** Sends a code, which voids the previous one. Rejects with a LatchkeyError. */
  readonly send: (contact: Contact) => Promise<void>;
  /**
   * Verifies a code. Rejects with a LatchkeyError, also when the code is wrong. When the response was lost, the same code can be
   * verified again.
   */
  readonly verify: (code: string) => Promise<SentCode>;
  /** Discards the code, for another contact or after its proof was used. */
  readonly reset: () => void;
}

const minutes = 60_000;

/** Sends and verifies codes for a purpose. With `storageKey`, the code survives leaving or reloading the page. */
export function useVerification(purpose: Purpose, storageKey?: string): Verification {
  const { auth, session } = useLatchkey();
  const codes = useSettings().data?.codes;
  const owner = session.getSnapshot().user?.id;
  const [sent, setSent] = useState(() => (storageKey ? loadCode(storageKey, owner) : undefined));
  const ttl = codes?.ttl ? Number(codes.ttl.seconds) * 1000 : 10 * minutes;

  function setCode(code: SentCode | undefined) {
    setSent(code);
    if (storageKey) {
      storeCode(storageKey, owner, code);
    }
  }

  return {
    sent,
    async send(contact) {
      try {
        const { verificationId, expiresAt, resendAt } = await auth.sendCode({ purpose, ...contact });
        // The device's clock may be wrong, so only the difference between the server's two times is used.
        const endsAt = Date.now() + ttl;
        const clockAhead = expiresAt ? endsAt - timestampDate(expiresAt).getTime() : 0;
        setCode({
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
          setCode({ ...sent, resendAt: Date.now() + retryAfter });
        }
        throw caught;
      }
    },
    async verify(code) {
      if (!sent) {
        throw new Error("there is no code to verify");
      }
      const { expiresAt } = await auth.verifyCode({ verificationId: sent.verificationId, code });
      const proofEndsAt = expiresAt ? timestampDate(expiresAt).getTime() + sent.clockAhead : Date.now() + 15 * minutes;
      const proven = { ...sent, proofEndsAt };
      setCode(proven);
      return proven;
    },
    reset: () => setCode(undefined),
  };
}
