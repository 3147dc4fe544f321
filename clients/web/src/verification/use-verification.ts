import { LatchkeyError, type Purpose, timestampDate } from "@latchkey-auth/client";
import { useLatchkey, useSettings } from "@latchkey-auth/client/react";
import { useState } from "react";
import { useMemory } from "../session/use-memory";

/** An address or a number that a code is sent to. */
export type Contact =
  | { readonly email: string; readonly phone?: undefined }
  | { readonly phone: string; readonly email?: undefined };

/** A code that is on its way, or was entered. Moments are those of `Date.now()`. */
export interface SentCode {
  readonly contact: Contact;
  readonly verificationId: string;
  /** When the code ends. */
  readonly endsAt: number;
  /** When another one can be asked for. */
  readonly resendAt: number;
  /** Whether the right code was entered. */
  readonly proven?: boolean;
}

/** Sending a code, and proving by it that a contact is one's own. */
export interface Verification {
  /** The newest code; undefined before the first. */
  readonly sent: SentCode | undefined;
  /** Sends a code, or another one, which voids the one before. Rejects with a LatchkeyError. */
  readonly send: (contact: Contact) => Promise<void>;
  /** Enters the code. Rejects with a LatchkeyError. */
  readonly enter: (code: string) => Promise<string>;
  /** Forgets the code, for another contact. */
  readonly forget: () => void;
}

const minutes = 60_000;

/** Codes for one purpose. With `keepAs`, whoever leaves the page and comes back goes on with the code that was sent. */
export function useVerification(purpose: Purpose, keepAs?: string): Verification {
  const { auth } = useLatchkey();
  const codes = useSettings().data?.codes;
  const memory = useMemory();
  const [sent, setSent] = useState(() => (keepAs ? (memory.get(keepAs) as SentCode | undefined) : undefined));
  const ttl = codes?.ttl ? Number(codes.ttl.seconds) * 1000 : 10 * minutes;

  function know(code: SentCode | undefined) {
    setSent(code);
    if (keepAs) {
      memory.set(keepAs, code);
    }
  }

  return {
    sent,
    async send(contact) {
      try {
        const { verificationId, expiresAt, resendAt } = await auth.sendCode({ purpose, ...contact });
        // The clock of this device may be wrong, so only the distance between the server's two moments counts.
        const endsAt = Date.now() + ttl;
        const apart =
          expiresAt && resendAt ? timestampDate(expiresAt).getTime() - timestampDate(resendAt).getTime() : ttl;
        know({ contact, verificationId, endsAt, resendAt: endsAt - apart });
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
      await auth.verifyCode({ verificationId: sent.verificationId, code });
      know({ ...sent, proven: true });
      return sent.verificationId;
    },
    forget: () => know(undefined),
  };
}
