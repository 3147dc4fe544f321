import { Code } from "@connectrpc/connect";
import { Reason as ReasonNumber } from "../gen/latchkey/v1/error_pb.js";

/**
 * Why a call failed: the reasons of `latchkey.v1.Reason` by their names without the prefix, as docs/errors.md lists them,
 * and three that only the client gives. The set is closed, so that a `switch` over it, or a `Record`, is checked for
 * completeness by the compiler.
 *
 * - `NETWORK_FAILED`: no answer came. The server may or may not have done the call.
 * - `COOKIES_BLOCKED`: signing in succeeded, but the browser kept no cookie of the session. The error's message says what
 *   an operator can check.
 * - `UNKNOWN`: a reason that this version of the client does not know, an answer that no Latchkey has written, or an
 *   exception of the application's own code. The error's `code` still tells its class.
 */
export type Reason =
  | Exclude<keyof typeof ReasonNumber, "UNSPECIFIED">
  | "NETWORK_FAILED"
  | "COOKIES_BLOCKED"
  | "UNKNOWN";

/**
 * The reasons that the client finds out by itself. `ORIGIN_REFUSED` comes from the server as well; the client concludes it
 * where the browser withholds the answer (CORS).
 */
export type ClientReason = "NETWORK_FAILED" | "COOKIES_BLOCKED" | "ORIGIN_REFUSED";

/** Gives the name of a reason as it came from the wire. One that is new to this client goes by its code. */
export function reasonOf(number: number, code: Code): Reason {
  const name: string | undefined = ReasonNumber[number];
  return name === undefined || name === "UNSPECIFIED" ? reasonByCode(code) : (name as Reason);
}

/** Gives the reason of an error that carries none, where its code leaves no doubt. */
export function reasonByCode(code: Code): Reason {
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
