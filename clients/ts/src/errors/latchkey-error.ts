import { type Duration, durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { type ErrorDetail, ErrorDetailSchema } from "../gen/latchkey/v1/error_pb.js";
import { isNetworkError } from "./network-error.js";
import { type ClientReason, type Reason, reasonFromCode, reasonFromWire } from "./reason.js";
import { type FieldViolation, groupByField, type Violations } from "./violations.js";

/**
 * The error that all calls of this package reject with. It extends `ConnectError`, so code that handles those handles it too.
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
  /** Why the call failed. Programs switch on it. */
  readonly reason: Reason;
  /** All violations of the request, by field. Empty unless the reason is about fields. */
  readonly violations: Violations;
  /** The milliseconds to wait before the same call can succeed. */
  readonly retryAfter: number | undefined;
  /** How many attempts the code has left, with `CODE_MISMATCH`. */
  readonly attemptsLeft: number | undefined;
  /** The id of the request, which is in the server's log. */
  readonly requestId: string | undefined;

  private constructor(error: ConnectError, detail: ErrorDetail | undefined, clientReason?: ClientReason) {
    super(error.rawMessage, error.code, error.metadata, undefined, error.cause);
    this.details = error.details;
    if (error.stack !== undefined) {
      this.stack = error.stack;
    }
    this.reason = clientReason ?? (detail ? reasonFromWire(detail.reason, error.code) : reasonFromCode(error.code));
    this.violations = groupByField(detail?.violations ?? []);
    this.retryAfter = milliseconds(detail?.retryAfter) ?? secondsOf(error.metadata.get("Retry-After"));
    this.attemptsLeft = this.reason === "CODE_MISMATCH" ? detail?.attemptsLeft : undefined;
    this.requestId = detail?.requestId || error.metadata.get("X-Request-Id") || undefined;
  }

  /** Converts a caught value to a LatchkeyError. Returns a LatchkeyError as it is. */
  static override from(caught: unknown): LatchkeyError {
    if (caught instanceof LatchkeyError) {
      return caught;
    }
    const error = ConnectError.from(caught);
    if (error.code === Code.Unknown && isNetworkError(error.cause)) {
      return LatchkeyError.fromClient("NETWORK_FAILED", error.rawMessage, error.cause);
    }
    return new LatchkeyError(error, error.findDetails(ErrorDetailSchema)[0]);
  }

  /**
   * Returns an error for a failure that the client has detected.
   *
   * @internal
   */
  static fromClient(reason: ClientReason, message: string, cause?: unknown): LatchkeyError {
    const error = new ConnectError(message, clientCodes[reason], undefined, undefined, cause);
    return new LatchkeyError(error, undefined, reason);
  }

  /** Reports whether a value is a LatchkeyError. Other ConnectErrors are not. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(LatchkeyError, value);
  }

  /** Returns the violations of all fields, in the server's order. */
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
