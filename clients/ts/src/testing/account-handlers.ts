import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { AccountService } from "../gen/latchkey/v1/account_service_pb.js";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import type { FakeSessions } from "./fake-sessions.js";
import type { FakeAccount, FakeState } from "./fake-state.js";
import { refusal } from "./refusal.js";

/** The maximum age of a recent session, in milliseconds. */
const recentSignIn = 10 * 60_000;

/** The handlers of AccountService, in memory. */
export function accountHandlers(state: FakeState, sessions: FakeSessions): Partial<ServiceImpl<typeof AccountService>> {
  function caller(context: HandlerContext): FakeAccount {
    const account = state.accounts.get(sessions.require(context).userId);
    if (!account) {
      throw refusal("SESSION_REVOKED");
    }
    return account;
  }

  function record(context: HandlerContext, event: string): void {
    const { id, userId } = sessions.require(context);
    state.activity.record(userId, event, { sessionId: id });
  }

  function refuseWrongPassword(account: FakeAccount, password: string, context: HandlerContext): void {
    if (account.password !== password) {
      record(context, "password_refused");
      throw refusal("CREDENTIALS_INVALID");
    }
  }

  /** Returns the caller of a method that needs a recent session. */
  function recentCaller(context: HandlerContext): FakeAccount {
    if (Date.now() - sessions.require(context).authenticatedAt > recentSignIn) {
      throw refusal("RECENT_SIGN_IN_REQUIRED");
    }
    return caller(context);
  }

  /** Handles a method that does nothing except require a session. */
  function signedInOnly(_: unknown, context: HandlerContext): Record<string, never> {
    caller(context);
    return {};
  }

  return {
    getProfile: (_, context) => ({ user: caller(context).user }),

    updateProfile({ name, nickname, locale }, context) {
      const account = caller(context);
      if (nickname !== undefined && nickname.toLowerCase() !== account.user.nickname.toLowerCase()) {
        state.refuseTaken({ nickname });
      }
      const user = state.change(account, {
        ...(name !== undefined && { name }),
        ...(nickname !== undefined && { nickname }),
        ...(locale !== undefined && { locale }),
      });
      record(context, "profile_changed");
      return { user };
    },

    changePassword({ currentPassword, newPassword }, context) {
      const account = caller(context);
      refuseWrongPassword(account, currentPassword, context);
      account.password = newPassword;
      sessions.endOfUser(account.user.id, "SESSION_REVOKED", sessions.require(context).id);
      record(context, "password_changed");
      return {};
    },

    setPassword({ newPassword }, context) {
      const account = recentCaller(context);
      if (account.password !== undefined) {
        throw refusal("INVALID_FIELDS", { violations: { newPassword: "password.exists" } });
      }
      account.password = newPassword;
      sessions.endOfUser(account.user.id, "SESSION_REVOKED", sessions.require(context).id);
      record(context, "password_set");
      return {};
    },

    reauthenticate({ evidence }, context) {
      const account = caller(context);
      if (evidence.case === "verificationId") {
        const contact = state.proof(evidence.value, Purpose.REAUTHENTICATE);
        if (state.byContact(contact) !== account) {
          throw refusal("PROOF_INVALID");
        }
        state.consumeProof(evidence.value);
      } else {
        refuseWrongPassword(account, evidence.value ?? "", context);
      }
      sessions.require(context).authenticatedAt = Date.now();
      record(context, "reauthenticated");
      return {};
    },

    changeContact({ verificationId }, context) {
      const account = recentCaller(context);
      const contact = state.proof(verificationId, Purpose.CHANGE_CONTACT);
      const email = contact.includes("@");
      if ((email ? account.user.email : account.user.phone) !== contact) {
        state.refuseTaken(email ? { email: contact } : { phone: contact });
      }
      state.consumeProof(verificationId);
      state.takeOver(contact, account.user.id);
      record(context, email ? "email_changed" : "phone_changed");
      return {
        user: state.change(
          account,
          email ? { email: contact, emailVerified: true } : { phone: contact, phoneVerified: true },
        ),
      };
    },

    signOut(_, context) {
      const session = sessions.require(context);
      record(context, "signed_out");
      session.ended = "SESSION_REVOKED";
      sessions.cookie = undefined;
      return {};
    },

    listSessions(_, context) {
      const own = sessions.require(context);
      const active = sessions.all.filter(({ userId, ended }) => userId === own.userId && !ended);
      const newestFirst = active.toSorted((a, b) => b.createdAt - a.createdAt);
      return {
        sessions: newestFirst.map(({ id, createdAt, device, ip }) => ({
          id,
          current: id === own.id,
          device,
          ip,
          createdAt: timestampFromMs(createdAt),
          lastUsedAt: timestampFromMs(createdAt),
          expiresAt: timestampFromMs(createdAt + 7 * 24 * 60 * 60 * 1000),
        })),
      };
    },

    revokeSession({ sessionId }, context) {
      const own = sessions.require(context);
      const found = sessions.all.find(({ id, userId, ended }) => id === sessionId && userId === own.userId && !ended);
      if (!found) {
        throw refusal("NOT_FOUND");
      }
      found.ended = "SESSION_REVOKED";
      state.activity.record(own.userId, "session_ended", { sessionId });
      return {};
    },

    revokeOtherSessions(_, context) {
      const own = sessions.require(context);
      sessions.endOfUser(own.userId, "SESSION_REVOKED", own.id);
      record(context, "other_sessions_ended");
      return {};
    },

    registerDevice: signedInOnly,
    unregisterDevice: signedInOnly,
    listLinkedAccounts: signedInOnly,
    listActivity: ({ pageSize, pageToken }, context) =>
      state.activity.page(caller(context).user.id, pageSize, pageToken),

    deleteAccount(_, context) {
      const account = recentCaller(context);
      state.accounts.delete(account.user.id);
      state.activity.forget(account.user.id);
      sessions.endOfUser(account.user.id, "SESSION_REVOKED");
      sessions.cookie = undefined;
      return {};
    },
  };
}
