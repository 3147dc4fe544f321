export type { DescMessage } from "@bufbuild/protobuf";
export { timestampDate } from "@bufbuild/protobuf/wkt";
export { memoryTokenStore, type StoredTokens, type TokenStore } from "./bearer/token-store.js";
export type { CallArguments, ServiceClient } from "./client-of.js";
export { LatchkeyError } from "./errors/latchkey-error.js";
export type { Reason } from "./errors/reason.js";
export type { FieldViolation, Violations } from "./errors/violations.js";
export type { Flat, FormValues, RequestOf } from "./flat.js";
export type { FormRule, RuleLimits } from "./form/broken-rule.js";
export {
  type FormIssue,
  type FormResult,
  type FormRulesOptions,
  type FormSchema,
  formRules,
} from "./form/form-rules.js";
export { checkPassword, type PasswordCheck, type PasswordRule } from "./form/password-rules.js";
export { formatPhone } from "./form/phone.js";
export { type RuleText, type RuleTexts, ruleText } from "./form/rule-texts.js";
export { isContactRequired } from "./form/settings-rules.js";
export * from "./gen/latchkey/v1/account_service_pb.js";
export * from "./gen/latchkey/v1/activity_pb.js";
export * from "./gen/latchkey/v1/admin_service_pb.js";
export * from "./gen/latchkey/v1/auth_service_pb.js";
export * from "./gen/latchkey/v1/purpose_pb.js";
export { type Session as SessionInfo, SessionSchema as SessionInfoSchema } from "./gen/latchkey/v1/session_pb.js";
export * from "./gen/latchkey/v1/settings_pb.js";
export * from "./gen/latchkey/v1/token_service_pb.js";
export * from "./gen/latchkey/v1/tokens_pb.js";
export * from "./gen/latchkey/v1/user_pb.js";
export { createLatchkey, type Latchkey, type LatchkeyOptions } from "./latchkey.js";
export type { LoadingSession, Session, SignedInSession, SignedOutSession } from "./session/session.js";
export type { SessionHandle } from "./session/session-handle.js";
export type { SessionListener } from "./session/session-store.js";
