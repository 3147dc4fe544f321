import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Reason } from "../errors/reason.js";
import { ErrorDetailSchema, Reason as ReasonNumber } from "../gen/latchkey/v1/error_pb.js";

/** The reasons that a server sends. */
export type ServerReason = Exclude<Reason, "NETWORK_FAILED" | "COOKIES_BLOCKED" | "UNKNOWN">;

/** The details of a refusal. */
export interface RefusalDetails {
  /** The violated rule of each field: `{ email: "email.domain" }`. */
  readonly violations?: Readonly<Record<string, string>>;
  /** The wait in milliseconds. */
  readonly retryAfter?: number;
  /** The attempts left, with `CODE_MISMATCH`. */
  readonly attemptsLeft?: number;
}

/** The Connect code of each reason. */
export const codeOf: Readonly<Record<ServerReason, Code>> = {
  INVALID_FIELDS: Code.InvalidArgument,
  PASSWORD_POLICY: Code.InvalidArgument,
  EMAIL_TAKEN: Code.AlreadyExists,
  PHONE_TAKEN: Code.AlreadyExists,
  NICKNAME_TAKEN: Code.AlreadyExists,
  CODE_MISMATCH: Code.FailedPrecondition,
  CODE_EXPIRED: Code.FailedPrecondition,
  CODE_SPENT: Code.FailedPrecondition,
  VERIFICATION_REQUIRED: Code.FailedPrecondition,
  PROOF_INVALID: Code.FailedPrecondition,
  RECENT_SIGN_IN_REQUIRED: Code.FailedPrecondition,
  LAST_SIGN_IN_METHOD: Code.FailedPrecondition,
  CREDENTIALS_INVALID: Code.Unauthenticated,
  TOKEN_MISSING: Code.Unauthenticated,
  TOKEN_INVALID: Code.Unauthenticated,
  TOKEN_EXPIRED: Code.Unauthenticated,
  SESSION_REVOKED: Code.Unauthenticated,
  REFRESH_REUSED: Code.Unauthenticated,
  ROLE_REQUIRED: Code.PermissionDenied,
  ACCOUNT_DISABLED: Code.PermissionDenied,
  ORIGIN_REFUSED: Code.PermissionDenied,
  TOO_MANY_ATTEMPTS: Code.ResourceExhausted,
  TOO_MANY_SENDS: Code.ResourceExhausted,
  BUSY: Code.ResourceExhausted,
  NOT_FOUND: Code.NotFound,
  DEPENDENCY_DOWN: Code.Unavailable,
  TIMED_OUT: Code.DeadlineExceeded,
  CANCELED: Code.Canceled,
  INTERNAL: Code.Internal,
  UNIMPLEMENTED: Code.Unimplemented,
};

/**
 * Returns the error of a server for a reason. Throw it in a handler of a router transport; the client rejects with it as a
 * LatchkeyError.
 */
export function refusal(reason: ServerReason, details: RefusalDetails = {}): ConnectError {
  const detail: MessageInitShape<typeof ErrorDetailSchema> = {
    reason: ReasonNumber[reason],
    violations: Object.entries(details.violations ?? {}).map(([field, rule]) => ({
      field,
      rule,
      message: `This violates ${rule}.`,
    })),
    attemptsLeft: details.attemptsLeft ?? 0,
    requestId: "req_FAKE",
  };
  if (details.retryAfter !== undefined) {
    detail.retryAfter = durationFromMs(details.retryAfter);
  }
  return new ConnectError(`refused with ${reason}`, codeOf[reason], undefined, [
    { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, detail) },
  ]);
}
