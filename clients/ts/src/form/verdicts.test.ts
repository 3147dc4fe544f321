// The corpora that the server's tests read too: the same input gets the same verdict in a form.
import { readFileSync } from "node:fs";
import { type DescMessage, fromJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { AccountService } from "../gen/latchkey/v1/account_service_pb.js";
import { AdminService } from "../gen/latchkey/v1/admin_service_pb.js";
import { AuthService } from "../gen/latchkey/v1/auth_service_pb.js";
import { type Settings, SettingsSchema } from "../gen/latchkey/v1/settings_pb.js";
import { fakeSettings } from "../testing/fake-settings.js";
import { englishRuleTexts } from "./english-rule-texts.js";
import { formRules } from "./form-rules.js";
import type { FormIssue } from "./form-schema.js";
import { checkPassword } from "./password-rules.js";

interface Verdict {
  readonly why: string;
  readonly message: string;
  readonly settings: string;
  readonly request: JsonObject;
  readonly violations: string[];
}

const corpus = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../../server/internal/${path}`, import.meta.url), "utf8"));

const schemas = new Map(
  [AuthService, AccountService, AdminService].flatMap(({ methods }) =>
    methods.map(({ input }) => [input.name, input] as const),
  ),
);

const verdicts: { settings: Record<string, JsonValue>; cases: Verdict[] } = corpus("rpc/testdata/verdicts.json");

/** The rules that forms know. What else the server says, only it can know. */
const known = (rule: string) => rule in englishRuleTexts;

const byMessage = [...new Set(verdicts.cases.map(({ message }) => message))].map(
  (message) => [message, verdicts.cases.filter((candidate) => candidate.message === message)] as const,
);

test.each(byMessage)("%s", (name, cases) => {
  const schema = schemas.get(name) as DescMessage;
  for (const { why, settings, request, violations } of cases) {
    const of = fromJson(SettingsSchema, verdicts.settings[settings] as JsonValue);
    const expected = violations.filter((violation) => known(violation.replace(/.*: /, "")));
    expect(verdict(schema, of, fromJson(schema, request)), `${settings}: ${why}: ${JSON.stringify(request)}`).toEqual(
      expected,
    );
  }
});

// A form holds what JSON holds, apart from enums.
test.each(byMessage.filter(([name]) => !["SendCodeRequest", "RegisterDeviceRequest"].includes(name)))(
  "%s, flat",
  (name, cases) => {
    const schema = schemas.get(name) as DescMessage;
    for (const { settings, request } of cases) {
      const of = fromJson(SettingsSchema, verdicts.settings[settings] as JsonValue);
      expect(verdict(schema, of, request)).toEqual(verdict(schema, of, fromJson(schema, request)));
    }
  },
);

function verdict(schema: DescMessage, settings: Settings, values: object): string[] {
  const result = formRules(schema, { settings })["~standard"].validate(values);
  return (result.issues ?? []).map((issue: FormIssue) => `${spelled(issue.path ?? [])}: ${issue.rule}`);
}

/** Spells a path as the server does; it never repeats the keys of maps. */
function spelled(path: NonNullable<FormIssue["path"]>): string {
  return path.map((part, i) => (i === 0 ? part : typeof part === "number" ? `[${part}]` : "[…]")).join("");
}

interface PasswordVerdict {
  readonly why: string;
  readonly policy: "classic" | "modern";
  readonly password: string;
  readonly max_bytes?: number;
  readonly violations: string[];
}

const policies = {
  classic: fakeSettings().passwordPolicy,
  modern: fakeSettings({
    passwordPolicy: { name: "modern", minLength: 8, maxLength: 128, maxBytes: 512, refuseCommon: true },
  }).passwordPolicy,
};

test("passwords", () => {
  const { cases }: { cases: PasswordVerdict[] } = corpus("password/testdata/policy.json");
  expect(cases.length).toBeGreaterThan(100);
  for (const { why, policy, password, max_bytes, violations } of cases) {
    const of = policies[policy];
    if (!of) {
      throw new Error(`there is no policy ${policy}`);
    }
    const checks = checkPassword({ ...of, maxBytes: max_bytes ?? of.maxBytes }, password);
    const broken = checks.filter(({ met }) => !met).map(({ rule }) => rule);
    expect(broken, `${policy}: ${why}: ${JSON.stringify(password)}`).toEqual(violations.filter(known));
  }
});
