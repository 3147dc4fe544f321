import { Code } from "@connectrpc/connect";
import { Reason as ReasonNumber } from "../gen/latchkey/v1/error_pb.js";

/**
 * Why a call failed: the reasons of `latchkey.v1.Reason` without the prefix, as docs/errors.md lists them, and three that only
 * the client reports. The set is closed, so the compiler checks that a `switch` or a `Record` over it is complete.
 *
 * - `NETWORK_FAILED`: no response came. The server may or may not have executed the call.
 * - `COOKIES_BLOCKED`: the sign-in succeeded, but the browser did not keep the session's cookies. The message tells operators
 *   what to check.
 * - `UNKNOWN`: a reason that this version of the client does not know, a response that is not from Latchkey, or an exception of
 *   the application. The error's `code` still classifies it.
 */
export type Reason =
  | Exclude<keyof typeof ReasonNumber, "UNSPECIFIED">
  | "NETWORK_FAILED"
  | "COOKIES_BLOCKED"
  | "UNKNOWN";

/**
 * The reasons that the client detects. The server sends `ORIGIN_REFUSED` too; the client detects it where the browser withholds
 * the response (CORS).
 */
export type ClientReason = "NETWORK_FAILED" | "COOKIES_BLOCKED" | "ORIGIN_REFUSED";

/** Returns the reason for a number from the wire. For an unknown number it falls back to the code. */
export function reasonFromWire(number: number, code: Code): Reason {
  const name: string | undefined = ReasonNumber[number];
  return name === undefined || name === "UNSPECIFIED" ? reasonFromCode(code) : (name as Reason);
}

/** Returns the reason of an error without details, where its code is unambiguous. */
export function reasonFromCode(code: Code): Reason {
  switch (code) {
    case Code.Canceled:
      return "CANCELED";
    case Code.DeadlineExceeded:
      return "TIMED_OUT";
    case Code.NotFound:
      return "NOT_FOUND";
    case Code.Unavailable:
      return "DEPENDENCY_DOWN";
    case Code.Internal:
      return "INTERNAL";
    case Code.Unimplemented:
      return "UNIMPLEMENTED";
    default:
      return "UNKNOWN";
  }
}
