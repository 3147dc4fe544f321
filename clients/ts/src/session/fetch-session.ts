import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import type { BearerTokens } from "../bearer/bearer-tokens.js";
import { refusesCredentials } from "../errors/credential-reasons.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import { createServiceClient } from "../service-client.js";
import type { FetchedSession, FetchSession } from "./session-fetcher.js";

/** How often to retry when another process replaces the tokens during the request. */
const maxAttempts = 3;

/** Returns a function that fetches the session with the credentials of a transport. */
export function createFetchSession(transport: Transport, bearer: BearerTokens | undefined): FetchSession {
  const auth = createServiceClient(AuthService, transport);

  async function fetchOnce(): Promise<FetchedSession> {
    const { session, expiresAt } = await auth.getSession();
    return session.case === "user" ? { user: session.value, expiresAt: expiresAt && timestampDate(expiresAt) } : {};
  }

  /** Clears tokens that the server rejects, unless they were replaced in the meantime. */
  async function fetchWithTokens(tokens: BearerTokens): Promise<FetchedSession> {
    for (let attempt = 1; ; attempt++) {
      const held = await tokens.load();
      if (!held) {
        return {};
      }
      const fetched = await fetchOnce().catch(signedOutOrThrow);
      if (fetched.user || attempt === maxAttempts || (await tokens.clearIfUnchanged(held))) {
        return fetched;
      }
    }
  }

  return () => (bearer ? fetchWithTokens(bearer) : fetchOnce());
}

/** Handles tokens that could not be renewed, which means that the session has ended. */
function signedOutOrThrow(caught: unknown): FetchedSession {
  const error = LatchkeyError.from(caught);
  if (!refusesCredentials(error.reason)) {
    throw error;
  }
  return { reason: error.reason };
}
