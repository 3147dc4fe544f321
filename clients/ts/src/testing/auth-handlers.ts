import { timestampFromDate, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import type { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import { AccountDiscovery, ContactRule } from "../gen/latchkey/v1/settings_pb.js";
import type { FakeSessions } from "./fake-sessions.js";
import { canonicalEmail, canonicalPhone, type FakeAccount, type FakeState } from "./fake-state.js";
import { refusal } from "./refusal.js";

type Contact = { case: "email" | "phone" | "nickname" | undefined; value?: string | undefined };

function canonical({ case: kind, value = "" }: Contact): string {
  return kind === "phone" ? canonicalPhone(value) : canonicalEmail(value);
}

/** The handlers of AuthService, in memory. */
export function authHandlers(state: FakeState, sessions: FakeSessions): Partial<ServiceImpl<typeof AuthService>> {
  const { settings } = state;
  const open = settings.accountDiscovery === AccountDiscovery.OPEN;
  const later = (milliseconds: number) => timestampFromMs(Date.now() + milliseconds);

  function signedIn(
    account: FakeAccount | undefined,
    refused: ConnectError,
    context: HandlerContext,
    event = "signed_in",
  ) {
    if (!account) {
      throw refused;
    }
    const former = sessions.endFormer(context);
    if (former) {
      state.activity.record(former.userId, "signed_out", { sessionId: former.id });
    }
    const tokens = sessions.start(account.user.id, context);
    state.activity.record(account.user.id, event, { sessionId: sessions.all.at(-1)?.id ?? "" });
    return { user: account.user, tokens };
  }

  return {
    getSettings: () => settings,

    getSession(_, context) {
      const session = sessions.find(context);
      const account = session && state.accounts.get(session.userId);
      if (!account) {
        return { session: { case: "empty", value: {} } };
      }
      const expiresAt = timestampFromDate(sessions.endOf(session));
      return { session: { case: "user", value: account.user }, expiresAt };
    },

    checkAvailability({ contact }) {
      const asked =
        contact.case === "nickname" ? { nickname: contact.value } : { [contact.case ?? ""]: canonical(contact) };
      try {
        state.refuseTaken(asked);
      } catch {
        return { available: !open && contact.case !== "nickname" };
      }
      return { available: true };
    },

    sendCode({ purpose, contact }, context) {
      if (purpose === Purpose.REAUTHENTICATE && sessions.find(context) === undefined) {
        throw refusal("TOKEN_MISSING");
      }
      const to = canonical(contact);
      if (purpose === Purpose.SIGN_UP && open) {
        state.refuseTaken({ [contact.case ?? ""]: to });
      }
      return {
        verificationId: state.startVerification(to, purpose),
        expiresAt: later(600_000),
        resendAt: later(60_000),
      };
    },

    verifyCode({ verificationId, code }) {
      return { expiresAt: timestampFromMs(state.checkCode(verificationId, code)) };
    },

    signUp(request, context) {
      const email = request.email && canonicalEmail(request.email);
      const phone = request.phone && canonicalPhone(request.phone);
      const proven = request.verificationIds.map((id) => state.proof(id, Purpose.SIGN_UP));
      state.refuseTaken({ email, phone, nickname: request.nickname });
      const missing = {
        ...(settings.email === ContactRule.VERIFIED && !proven.includes(email) && { email: "contact.unproven" }),
        ...(settings.phone === ContactRule.VERIFIED && !proven.includes(phone) && { phone: "contact.unproven" }),
      };
      if (Object.keys(missing).length > 0) {
        throw refusal("VERIFICATION_REQUIRED", { violations: missing });
      }
      for (const id of request.verificationIds) {
        state.consumeProof(id);
      }
      const account = state.addAccount(request.password, {
        email,
        emailVerified: proven.includes(email),
        phone,
        phoneVerified: proven.includes(phone),
        name: request.name,
        nickname: request.nickname,
        role: request.role,
        locale: request.locale || "en",
      });
      for (const contact of proven) {
        state.takeOver(contact, account.user.id);
      }
      return signedIn(account, refusal("INTERNAL"), context, "signed_up");
    },

    signIn({ identifier, password }, context) {
      const account = state.byContact(canonical(identifier));
      const right = account?.password === password;
      if (account && !right) {
        state.activity.record(account.user.id, "sign_in_failed");
      }
      return signedIn(right ? account : undefined, refusal("CREDENTIALS_INVALID"), context);
    },

    signInWithCode({ verificationId }, context) {
      const account = state.byContact(state.proof(verificationId, Purpose.SIGN_IN));
      const answer = signedIn(account, refusal("PROOF_INVALID"), context);
      state.consumeProof(verificationId);
      return answer;
    },

    refresh: ({ refreshToken }, context) => ({ tokens: sessions.refresh(refreshToken, context) }),

    resetPassword({ verificationId, newPassword }) {
      const account = state.byContact(state.proof(verificationId, Purpose.RESET_PASSWORD));
      if (!account) {
        throw refusal("PROOF_INVALID");
      }
      state.consumeProof(verificationId);
      account.password = newPassword;
      sessions.endOfUser(account.user.id, "SESSION_REVOKED");
      state.activity.record(account.user.id, "password_reset");
      return {};
    },

    startSocialSignIn({ provider }) {
      if (!settings.socialProviders.includes(provider)) {
        throw refusal("NOT_FOUND");
      }
      return { authorizationUrl: `https://${provider}.example/authorize` };
    },

    finishSocialSignUp() {
      throw new ConnectError("the fake has no providers", Code.Unimplemented);
    },
  };
}
