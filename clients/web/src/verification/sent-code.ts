import type { Purpose } from "@latchkey-auth/client";

/** An address or a number that a code is sent to. */
export type Contact =
  | { readonly email: string; readonly phone?: undefined }
  | { readonly phone: string; readonly email?: undefined };

/** A code that is on its way, or was entered. Moments are those of `Date.now()`. */
export interface SentCode {
  readonly contact: Contact;
  readonly purpose: Purpose;
  readonly verificationId: string;
  /** When the code ends. */
  readonly endsAt: number;
  /** When another one can be asked for. */
  readonly resendAt: number;
  /** By how much this device's clock is ahead of the server's, in milliseconds. */
  readonly clockAhead: number;
  /** When the proof ends that the right code has left; undefined until it was entered. */
  readonly proofEndsAt?: number | undefined;
}

/** Reports whether the right code was entered. */
export function isProven(code: SentCode | undefined): code is SentCode & { readonly proofEndsAt: number } {
  return code?.proofEndsAt !== undefined;
}

/** Reports whether neither the code nor its proof is of any more use. */
export function isOver({ endsAt, proofEndsAt = endsAt }: SentCode): boolean {
  return Date.now() >= proofEndsAt;
}
