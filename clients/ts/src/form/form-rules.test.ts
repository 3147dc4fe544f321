import type { StandardSchemaV1 } from "@standard-schema/spec";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  FinishSocialSignUpRequestSchema,
  SignInRequestSchema,
  type SignUpRequest,
  SignUpRequestSchema,
} from "../gen/latchkey/v1/auth_service_pb.js";
import { ContactRule, SettingsSchema } from "../gen/latchkey/v1/settings_pb.js";
import { fakeSettings } from "../testing/fake-settings.js";
import { ko } from "../texts/ko.js";
import { formRules } from "./form-rules.js";

const good = {
  email: "ada@example.com",
  name: "Ada Lovelace",
  nickname: "ada",
  password: "Vexqmrt-1",
  role: "trainee",
  verificationIds: ["vrf_1"],
};

const validate = (...args: Parameters<typeof formRules<typeof SignUpRequestSchema>>) =>
  formRules(...args)["~standard"].validate;

test("what passes comes out as the request, without what is none of it", () => {
  const result = validate(SignUpRequestSchema, { settings: fakeSettings() })({ ...good, phone: null, terms: true });
  expect(result).toEqual({ value: expect.objectContaining({ ...good, phone: "" }) });
  expect(result).not.toHaveProperty("value.terms");
});

test("what does not pass says what to do, in the language asked for", () => {
  const settings = fakeSettings();
  const values = { ...good, nickname: "a", password: "Vexqmrt1", email: "" };
  expect(validate(SignUpRequestSchema, { settings })(values).issues).toEqual([
    { path: ["nickname"], rule: "string.min_len", limits: { min: 2 }, message: "Use at least 2 characters." },
    { path: ["email"], rule: "required", message: "This field is required." },
    { path: ["password"], rule: "password.special", message: "Add a special character, such as ! or #." },
  ]);
  expect(validate(SignUpRequestSchema, { settings, texts: ko })(values).issues?.map(({ message }) => message)).toEqual([
    "2자 이상 입력해 주세요.",
    "필수 항목이에요.",
    "!나 # 같은 특수문자를 포함해 주세요.",
  ]);
});

test("without settings only what holds everywhere is checked", () => {
  expect(validate(SignUpRequestSchema)({ ...good, password: "x", role: "reader" }).issues).toBeUndefined();
});

test("a step of a form is told what is wrong with its fields alone", () => {
  const step = validate(SignUpRequestSchema, { settings: fakeSettings(), only: ["name", "nickname"] });
  expect(step({ name: "Ada", nickname: "ada" }).issues).toBeUndefined();
  expect(step({ name: "Ada", nickname: "" }).issues?.[0]?.path).toEqual(["nickname"]);
});

test("an application adds rules of its own", () => {
  const schema = formRules(SignUpRequestSchema, {
    check: ({ password, again }) => (password === again ? [] : [{ path: ["again"], message: "The passwords differ." }]),
  });
  expect(schema["~standard"].validate({ ...good, again: "other" }).issues).toEqual([
    { path: ["again"], message: "The passwords differ." },
  ]);
  expect(schema["~standard"].validate({ ...good, again: good.password }).issues).toBeUndefined();
});

describe("of two contacts in one form", () => {
  const signIn = formRules(SignInRequestSchema)["~standard"].validate;

  test("the one that is filled in counts", () => {
    expect(signIn({ email: "", phone: "010-1234-5678", password: "x" })).toMatchObject({
      value: { identifier: { case: "phone", value: "010-1234-5678" } },
    });
  });

  test("an empty one is said to be malformed, as the server says", () => {
    expect(signIn({ email: "", password: "x" }).issues?.[0]).toMatchObject({ path: ["email"], rule: "email.format" });
  });

  test("none at all is one that is needed", () => {
    expect(signIn({ password: "x" }).issues?.[0]).toMatchObject({ path: ["identifier"], rule: "required" });
  });
});

describe("after a social sign-in", () => {
  const settings = fakeSettings({ phone: ContactRule.OFF });
  const finish = formRules(FinishSocialSignUpRequestSchema, { settings })["~standard"].validate;

  test("what is left out may be known from the provider", () => {
    expect(finish({ ticket: "tkt_1", email: "", name: "", nickname: "", role: "" }).issues).toBeUndefined();
  });

  test("what is given has to be good", () => {
    const values = { ticket: "tkt_1", phone: "010-1234-5678", nickname: "a", role: "reader" };
    expect(finish(values).issues?.map(({ rule }) => rule)).toEqual(["string.min_len", "contact.off", "role.unknown"]);
  });
});

test("whatever is given gets a verdict", () => {
  for (const values of [undefined, null, 1, "text", [], { email: 1, verificationIds: "vrf_1", password: {} }]) {
    expect(validate(SignUpRequestSchema, { settings: fakeSettings() })(values).issues?.length).toBeGreaterThan(0);
  }
});

test("what was pasted by mistake does not stop the page", () => {
  const began = performance.now();
  const issues = validate(SignUpRequestSchema)({ ...good, phone: `${"1".repeat(1_000_000)}a` }).issues;
  expect(issues).toEqual([
    { path: ["phone"], rule: "string.max_len", limits: { max: 40 }, message: "Use at most 40 characters." },
  ]);
  expect(performance.now() - began).toBeLessThan(1000);
});

test("only requests have rules", () => {
  expect(() => formRules(SettingsSchema)["~standard"].validate({})).toThrow("latchkey.v1.Settings is not a request");
});

test("the types of what goes in and comes out are the request's", () => {
  const schema = formRules(SignUpRequestSchema);
  expectTypeOf<StandardSchemaV1.InferOutput<typeof schema>>().toEqualTypeOf<SignUpRequest>();
  expectTypeOf<StandardSchemaV1.InferInput<typeof schema>>()
    .toHaveProperty("nickname")
    .toEqualTypeOf<string | undefined>();
  const signIn = formRules(SignInRequestSchema);
  expectTypeOf<StandardSchemaV1.InferInput<typeof signIn>>()
    .toHaveProperty("phone")
    .toEqualTypeOf<string | undefined>();
});
