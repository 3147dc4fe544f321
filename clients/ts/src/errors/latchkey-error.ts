import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorDetail, ErrorDetailSchema } from "../gen/latchkey/v1/error_pb.js";
import { isNetworkError } from "./network-error.js";
import { type ClientReason, type Reason, reasonByCode, reasonOf } from "./reason.js";
import { type FieldViolation, type Violations, violationsByField } from "./violations.js";

/**
 * The one error that calls of this package reject with. It is a `ConnectError` as well, so that whatever handles those
 * handles it too.
 *
 * ```ts
 * try {
 *   await latchkey.auth.signUp(request);
 * } catch (error) {
 *   switch (LatchkeyError.from(error).reason) {
 *     case "EMAIL_TAKEN":
 *       return "Sign in instead?";
 *     // … the compiler names the reasons that are missing
 *   }
 * }
 * ```
 */
export class LatchkeyError extends ConnectError {
  /** Why the call failed; what programs switch on. */
  readonly reason: Reason;
  /** Every broken rule of the request, by field. Empty unless the reason is about fields. */
  readonly violations: Violations;
  /** How many milliseconds to wait before the same call can succeed. */
  readonly retryAfter: number | undefined;
  /** How many tries the code has left, with `CODE_MISMATCH`. */
  readonly attemptsLeft: number | undefined;
  /** The request's id, by which its line is found in the server's log. */
  readonly requestId: string | undefined;

  private constructor(error: ConnectError, detail: ErrorDetail | undefined, clientReason?: ClientReason) {
    super(error.rawMessage, error.code, error.metadata, undefined, error.cause);
    this.details = error.details;
    if (error.stack !== undefined) {
      this.stack = error.stack;
    }
    this.reason = clientReason ?? (detail ? reasonOf(detail.reason, error.code) : reasonByCode(error.code));
    this.violations = violationsByField(detail?.violations ?? []);
    this.retryAfter = milliseconds(detail?.retryAfter) ?? secondsOf(error.metadata.get("Retry-After"));
    this.attemptsLeft = this.reason === "CODE_MISMATCH" ? detail?.attemptsLeft : undefined;
    this.requestId = detail?.requestId || error.metadata.get("X-Request-Id") || undefined;
  }

  /** Makes a LatchkeyError of whatever was caught; one that is a LatchkeyError already comes back as it is. */
  static override from(caught: unknown): LatchkeyError {
    if (caught instanceof LatchkeyError) {
      return caught;
    }
    const error = ConnectError.from(caught);
    if (error.code === Code.Unknown && isNetworkError(error.cause)) {
      return LatchkeyError.ofClient("NETWORK_FAILED", error.rawMessage, error.cause);
    }
    return new LatchkeyError(error, error.findDetails(ErrorDetailSchema)[0]);
  }

  /**
   * Makes the error of a failure that the client has found, and not the server.
   *
   * @internal
   */
  static ofClient(reason: ClientReason, message: string, cause?: unknown): LatchkeyError {
    const error = new ConnectError(message, clientCodes[reason], undefined, undefined, cause);
    return new LatchkeyError(error, undefined, reason);
  }

  /** Reports whether a value is a LatchkeyError. Other ConnectErrors are none. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(LatchkeyError, value);
  }

  /** Gives the violations of the fields in the order in which the server named them. */
  get fieldViolations(): readonly FieldViolation[] {
    return Object.values(this.violations).flat();
  }
}

const clientCodes: Readonly<Record<ClientReason, Code>> = {
  NETWORK_FAILED: Code.Unavailable,
  COOKIES_BLOCKED: Code.FailedPrecondition,
  ORIGIN_REFUSED: Code.PermissionDenied,
};

function milliseconds(duration: Duration | undefined): number | undefined {
  return duration && durationMs(duration);
}

function secondsOf(header: string | null): number | undefined {
  const seconds = Number.parseInt(header ?? "", 10);
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}
