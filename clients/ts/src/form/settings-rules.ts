import type { Message } from "@bufbuild/protobuf";
import { ContactRule, type Settings } from "../gen/latchkey/v1/settings_pb.js";
import type { BrokenRule } from "./broken-rule.js";
import { checkPassword } from "./password-rules.js";

type Values = Readonly<Record<string, unknown>>;

type Check = (settings: Settings, values: Values) => BrokenRule[];

// By name, not by schema, so that the sign-in page does not load the schemas of other calls.
const checks: Readonly<Record<string, readonly Check[]>> = {
  "latchkey.v1.SignUpRequest": [requiredContacts, newPassword("password"), role],
  "latchkey.v1.FinishSocialSignUpRequest": [optionalContacts, optionalRole],
  "latchkey.v1.ResetPasswordRequest": [newPassword("newPassword")],
  "latchkey.v1.ChangePasswordRequest": [newPassword("newPassword")],
  "latchkey.v1.SendCodeRequest": [oneofContact("contact")],
  "latchkey.v1.CheckAvailabilityRequest": [oneofContact("contact")],
  "latchkey.v1.SignInRequest": [oneofContact("identifier")],
  "latchkey.v1.SetRoleRequest": [roleOrAdmin],
};

/** Returns every rule of the server's settings that a message violates, as far as a form can know. */
export function checkSettings(settings: Settings, message: Message): BrokenRule[] {
  return (checks[message.$typeName] ?? []).flatMap((check) => check(settings, message as unknown as Values));
}

/** Reports whether a sign-up requires this kind of contact. */
export function isContactRequired(rule: ContactRule): boolean {
  return rule === ContactRule.VERIFIED || rule === ContactRule.REQUIRED;
}

function requiredContacts(settings: Settings, { email, phone }: Values): BrokenRule[] {
  const broken = [...contact(settings.email, email, "email"), ...contact(settings.phone, phone, "phone")];
  if (email || phone || broken.length > 0) {
    return broken;
  }
  // An account without any contact has no way to sign in.
  return [{ path: [settings.email === ContactRule.OFF ? "phone" : "email"], rule: "required" }];
}

function contact(rule: ContactRule, value: unknown, name: string): BrokenRule[] {
  if (value) {
    return rule === ContactRule.OFF ? [{ path: [name], rule: "contact.off" }] : [];
  }
  return isContactRequired(rule) ? [{ path: [name], rule: "required" }] : [];
}

/** Checks given contacts only: the provider may have supplied the others, which only the server knows. */
function optionalContacts(settings: Settings, { email, phone }: Values): BrokenRule[] {
  return [
    ...contact(optionalUnlessOff(settings.email), email, "email"),
    ...contact(optionalUnlessOff(settings.phone), phone, "phone"),
  ];
}

function optionalRole(settings: Settings, values: Values): BrokenRule[] {
  return values["role"] ? role(settings, values) : [];
}

function oneofContact(oneof: string): Check {
  return (settings, values) => {
    const chosen = values[oneof] as { case?: string; value?: unknown };
    return chosen.case === "email" || chosen.case === "phone"
      ? contact(optionalUnlessOff(settings[chosen.case]), chosen.value, chosen.case)
      : [];
  };
}

/** Makes a contact optional: only a sign-up requires contacts. */
function optionalUnlessOff(rule: ContactRule): ContactRule {
  return rule === ContactRule.OFF ? rule : ContactRule.OPTIONAL;
}

function newPassword(name: string): Check {
  return ({ passwordPolicy }, values) =>
    passwordPolicy
      ? checkPassword(passwordPolicy, String(values[name] ?? ""))
          .filter(({ met }) => !met)
          .map(({ rule, limits }) => ({ path: [name], rule, ...(limits && { limits }) }))
      : [];
}

function role({ roles }: Settings, values: Values): BrokenRule[] {
  return roles.includes(String(values["role"]))
    ? []
    : [{ path: ["role"], rule: "role.unknown", limits: { choices: roles } }];
}

function roleOrAdmin({ roles }: Settings, values: Values): BrokenRule[] {
  const choices = [...roles, "admin"];
  return choices.includes(String(values["role"]))
    ? []
    : [{ path: ["role"], rule: "role.unknown", limits: { choices } }];
}
