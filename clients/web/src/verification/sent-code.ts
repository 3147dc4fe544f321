import type { Purpose } from "@latchkey-auth/client";

/** An address or a number that a code is sent to. */
export type Contact =
  | { readonly email: string; readonly phone?: undefined }
  | { readonly phone: string; readonly email?: undefined };

/** A code that was sent, and the proof once it was entered. Times are in milliseconds, as from `Date.now()`. */
export interface SentCode {
  readonly contact: Contact;
  readonly purpose: Purpose;
  readonly verificationId: string;
  /** When the code expires. */
  readonly endsAt: number;
  /** When another code can be requested. */
  readonly resendAt: number;
  /** How far the device's clock is ahead of the server's, in milliseconds. */
  readonly clockAhead: number;
  /** When the proof expires; undefined until the right code was entered. */
  readonly proofEndsAt?: number | undefined;
}

/** Reports whether the right code was entered. */
export function isProven(code: SentCode | undefined): code is SentCode & { readonly proofEndsAt: number } {
  return code?.proofEndsAt !== undefined;
}

/** Reports whether the code, or its proof if there is one, has expired. */
export function isExpired({ endsAt, proofEndsAt = endsAt }: SentCode): boolean {
  return Date.now() >= proofEndsAt;
}
