import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { refusal } from "../testing/refusal.js";
import { en } from "./en.js";
import { ko } from "./ko.js";
import { errorText, violationText, withTexts } from "./texts.js";

const server = new URL("../../../../server/internal/", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, server), "utf8");

/** The rules that the server's own code names, in its tests' corpora and in the use-cases. */
function rulesOfTheServer(): string[] {
  const corpora = ["contact/testdata/emails.json", "contact/testdata/phones.json"].flatMap((path) =>
    (JSON.parse(read(path)) as { rule?: string }[]).map(({ rule }) => rule ?? ""),
  );
  const passwords = [...read("password/check.go").matchAll(/= "(password\.\w+)"/g)].map(([, rule]) => rule ?? "");
  const useCases = readdirSync(new URL("account/", server))
    .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
    .flatMap((name) => [...read(`account/${name}`).matchAll(/Rule: "([\w.]+)"/g)].map(([, rule]) => rule ?? ""));
  const taken = ["email", "phone", "nickname"].map((field) => `${field}.taken`);
  return [...new Set([...corpora, ...passwords, ...useCases, ...taken])].filter((rule) => rule !== "");
}

describe.each([
  ["en", en],
  ["ko", ko],
])("%s", (language, texts) => {
  test("has a text for every rule of the server", () => {
    expect(rulesOfTheServer().length).toBeGreaterThan(40);
    expect(rulesOfTheServer().filter((rule) => !(rule in texts.rules))).toEqual([]);
  });

  test("says with every reason what to do next", () => {
    const asking = language === "ko" ? /주세요|더 입력할 수/ : /\bPlease\b|\bSign in, or\b|\battempts? left\b/;
    for (const [reason, text] of Object.entries(texts.reasons)) {
      for (const attemptsLeft of [undefined, 1]) {
        const shown = typeof text === "string" ? text : text({ attemptsLeft, retryAfter: undefined });
        expect(shown, reason).toMatch(asking);
      }
    }
  });

  test("has texts for users, with and without details of the error", () => {
    const all = [
      ...Object.values(texts.reasons).flatMap((text) =>
        typeof text === "string"
          ? [text]
          : [text({ attemptsLeft: undefined, retryAfter: undefined }), text({ attemptsLeft: 1, retryAfter: 61_000 })],
      ),
      ...Object.values(texts.rules).flatMap((text) =>
        typeof text === "string" ? [text] : [text({}), text({ min: 2, max: 20 })],
      ),
    ];
    for (const shown of all) {
      expect(shown).toMatch(/[.]$/);
      expect(shown).not.toMatch(/undefined|NaN/);
      expect(/[가-힣]/.test(shown)).toBe(language === "ko");
    }
  });
});

test("an error says how many tries are left and how long to wait", () => {
  const mismatch = LatchkeyError.from(refusal("CODE_MISMATCH", { attemptsLeft: 1 }));
  expect(errorText(mismatch, en)).toBe("The code is wrong. 1 attempt left.");
  expect(errorText(mismatch, ko)).toBe("인증번호가 올바르지 않아요. 1번 더 입력할 수 있어요.");
  const wait = (retryAfter: number) => LatchkeyError.from(refusal("TOO_MANY_ATTEMPTS", { retryAfter }));
  expect(errorText(wait(900), en)).toBe("Too many attempts. Please try again in 1 second.");
  expect(errorText(wait(61_000), en)).toBe("Too many attempts. Please try again in 2 minutes.");
  expect(errorText(wait(5_000_000), ko)).toBe("시도 횟수를 초과했어요. 2시간 후 다시 시도해 주세요.");
});

test("a violation of a rule that is new keeps the server's sentence", () => {
  const violation = { field: "email", rule: "email.lunar", message: "No addresses on the moon." };
  expect(violationText(violation, ko)).toBe("No addresses on the moon.");
  expect(violationText({ ...violation, rule: "email.list" }, ko)).toBe("이메일 주소를 하나만 입력해 주세요.");
  expect(violationText({ ...violation, rule: "string.max_len" }, en)).toBe("This is too long.");
});

test("an application replaces texts", () => {
  const own = withTexts(ko, {
    reasons: { EMAIL_TAKEN: "이미 회원이에요." },
    rules: { "code.format": "여섯 자리예요." },
  });
  expect(errorText(LatchkeyError.from(refusal("EMAIL_TAKEN")), own)).toBe("이미 회원이에요.");
  expect(own.rules["email.list"]).toBe(ko.rules["email.list"]);
});
