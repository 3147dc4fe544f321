import type { Message } from "@bufbuild/protobuf";
import { ContactRule, type Settings } from "../gen/latchkey/v1/settings_pb.js";
import type { BrokenRule } from "./broken-rule.js";
import { checkPassword } from "./password-rules.js";

type Values = Readonly<Record<string, unknown>>;

type Check = (settings: Settings, values: Values) => BrokenRule[];

// By name and not by schema: a page that signs people in need not load the schemas of the administrators' calls.
const checks: Readonly<Record<string, readonly Check[]>> = {
  "latchkey.v1.SignUpRequest": [contacts, newPassword("password"), role],
  "latchkey.v1.FinishSocialSignUpRequest": [givenContacts, givenRole],
  "latchkey.v1.ResetPasswordRequest": [newPassword("newPassword")],
  "latchkey.v1.ChangePasswordRequest": [newPassword("newPassword")],
  "latchkey.v1.SendCodeRequest": [chosenContact("contact")],
  "latchkey.v1.CheckAvailabilityRequest": [chosenContact("contact")],
  "latchkey.v1.SignInRequest": [chosenContact("identifier")],
  "latchkey.v1.SetRoleRequest": [roleOrAdmin],
};

/** Gives every rule of the server's settings that a message breaks, as far as a form can tell. */
export function checkSettings(settings: Settings, message: Message): BrokenRule[] {
  return (checks[message.$typeName] ?? []).flatMap((check) => check(settings, message as unknown as Values));
}

/** Tells whether a sign-up asks for a contact of this kind. */
export function isContactRequired(rule: ContactRule): boolean {
  return rule === ContactRule.VERIFIED || rule === ContactRule.REQUIRED;
}

function contacts(settings: Settings, { email, phone }: Values): BrokenRule[] {
  const broken = [...contact(settings.email, email, "email"), ...contact(settings.phone, phone, "phone")];
  if (email || phone || broken.length > 0) {
    return broken;
  }
  // An account without any contact could never be signed in to.
  return [{ path: [settings.email === ContactRule.OFF ? "phone" : "email"], rule: "required" }];
}

function contact(rule: ContactRule, value: unknown, name: string): BrokenRule[] {
  if (value) {
    return rule === ContactRule.OFF ? [{ path: [name], rule: "contact.off" }] : [];
  }
  return isContactRequired(rule) ? [{ path: [name], rule: "required" }] : [];
}

/** What a provider has told, only the server knows; a form can judge what is filled in. */
function givenContacts(settings: Settings, { email, phone }: Values): BrokenRule[] {
  return [...contact(offOrNot(settings.email), email, "email"), ...contact(offOrNot(settings.phone), phone, "phone")];
}

function givenRole(settings: Settings, values: Values): BrokenRule[] {
  return values["role"] ? role(settings, values) : [];
}

function chosenContact(oneof: string): Check {
  return (settings, values) => {
    const chosen = values[oneof] as { case?: string; value?: unknown };
    return chosen.case === "email" || chosen.case === "phone"
      ? contact(offOrNot(settings[chosen.case]), chosen.value, chosen.case)
      : [];
  };
}

/** What a sign-up must give, other calls need not. */
function offOrNot(rule: ContactRule): ContactRule {
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
