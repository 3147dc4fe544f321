import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import type { Bearer } from "../bearer/bearer.js";
import { clientOf } from "../client-of.js";
import { refusesCredentials } from "../errors/credential-reasons.js";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import type { AskSession, SessionAnswer } from "./session-check.js";

/** Another process may replace the tokens while they are asked about. It does not do so all the time. */
const mostTries = 3;

/** Makes the question who is signed in, with the credentials that a transport sends along. */
export function askSession(transport: Transport, bearer: Bearer | undefined): AskSession {
  const auth = clientOf(AuthService, transport);

  async function ask(): Promise<SessionAnswer> {
    const { session, expiresAt } = await auth.getSession();
    return session.case === "user" ? { user: session.value, expiresAt: expiresAt && timestampDate(expiresAt) } : {};
  }

  /** Tokens that the server does not take are forgotten, unless others have taken their place. */
  async function askWithTokens(tokens: Bearer): Promise<SessionAnswer> {
    for (let tries = 1; ; tries++) {
      const held = await tokens.held();
      if (!held) {
        return {};
      }
      const answer = await ask().catch(refusedTokens);
      if (answer.user || tries === mostTries || (await tokens.drop(held))) {
        return answer;
      }
    }
  }

  return () => (bearer ? askWithTokens(bearer) : ask());
}

/** The tokens could not be renewed: the session is over. */
function refusedTokens(caught: unknown): SessionAnswer {
  const error = LatchkeyError.from(caught);
  if (!refusesCredentials(error.reason)) {
    throw error;
  }
  return { reason: error.reason };
}
