// Which texts are visible, and how long they are: the corpora that the server's tests read too.
import { readFileSync } from "node:fs";
import type { DescMessage } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { shapes } from "../gen/form-rules.js";
import { UpdateProfileRequestSchema } from "../gen/latchkey/v1/account_service_pb.js";
import { SendPushRequestSchema } from "../gen/latchkey/v1/admin_service_pb.js";
import { CheckAvailabilityRequestSchema, SignInRequestSchema } from "../gen/latchkey/v1/auth_service_pb.js";
import { formRules } from "./form-rules.js";

const corpus = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../server/internal/rpc/testdata/${name}.json`, import.meta.url), "utf8"));

const requestWith: Record<string, DescMessage> = {
  nickname: UpdateProfileRequestSchema,
  name: UpdateProfileRequestSchema,
  password: SignInRequestSchema,
  title: SendPushRequestSchema,
  body: SendPushRequestSchema,
  email: CheckAvailabilityRequestSchema,
};

interface TextCase {
  readonly why: string;
  readonly field: string;
  readonly text: string;
  /** The rule that it breaks; empty when it is accepted. */
  readonly rule: string;
}

const { cases }: { cases: TextCase[] } = corpus("visible_text");

test.each(cases)("$field: $why", ({ field, text, rule }) => {
  const result = formRules(requestWith[field] as DescMessage)["~standard"].validate({ [field]: text });
  const broken = (result.issues ?? []).filter(({ path }) => path?.[0] === field).map((issue) => issue.rule);
  expect(broken).toEqual(rule ? [rule] : []);
});

const hex = (text: string) => Number.parseInt(text, 16);

/** Returns a test for the code points in ranges such as "61-7a". */
function inRanges(lines: string[]): (codePoint: number) => boolean {
  const points = new Set<number>();
  for (const range of lines.join("").trim().split(" ")) {
    const [first = "", last = ""] = range.split("-");
    for (let i = hex(first); i <= hex(last); i++) {
      points.add(i);
    }
  }
  return (codePoint) => points.has(codePoint);
}

// Whole blocks, so that an emoji newer than a server or a browser is one as well.
const emojiBlock = /[\u{2B00}-\u{2BFF}\u{1F000}-\u{1F1E5}\u{1F200}-\u{1FAFF}]/u;
const blankByName = /[\u{2800}\u{FFFC}\u{1107F}\u{13441}\u{13442}\u{16FE4}\u{1D159}]/u;

test("each code point is visible as Unicode says it, here as on the server", () => {
  const file = corpus("visible_code_points");
  const [accepted, unassigned] = [inRanges(file.accepted), inRanges(file.unassigned)];
  const wrong: string[] = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (/\p{Cs}/u.test(character)) {
      continue;
    }
    const assigned = !/\p{Cn}/u.test(character);
    const graphic = !/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(character) && !blankByName.test(character);
    const visible = graphic || (!assigned && emojiBlock.test(character));
    const form = character !== " " && shapes["text.words"].test(`a${character}b`);
    // Browsers may know characters that the server does not know yet; it then has the last word.
    const server = accepted(codePoint) || (unassigned(codePoint) && form);
    const email = shapes["email.invisible"].test(`a${character}b@example.com`);
    const formatting = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(character) || blankByName.test(character);
    if (form !== visible || form !== server || email === formatting) {
      wrong.push(codePoint.toString(16));
    }
  }
  expect(wrong).toEqual([]);
});

test("every emoji can be followed by what chooses its look, and be joined to another", () => {
  const wrong: string[] = [];
  for (let codePoint = 0x80; codePoint <= 0x1ffff; codePoint++) {
    const emoji = String.fromCodePoint(codePoint);
    if (/\p{Emoji}/u.test(emoji) && !/\p{Regional_Indicator}/u.test(emoji)) {
      for (const text of [
        `${emoji}\ufe0f`,
        `${emoji}\ufe0e`,
        `${emoji}\u200d${emoji}`,
        `${emoji}\ufe0f\u200d${emoji}`,
      ]) {
        if (!shapes["text.words"].test(text)) {
          wrong.push(text);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("whatever is pasted is checked in no time", () => {
  const began = performance.now();
  for (const unit of ["🔑", "1", "❤️", "👩\u200d", "a ", "a", "e\u0301", "🏴", "\u200b"]) {
    for (const shape of ["text.words", "text.line", "text.paragraphs", "email.invisible", "email.format"] as const) {
      shapes[shape].test(`${unit.repeat(1000)}\u200b`);
    }
  }
  expect(performance.now() - began).toBeLessThan(1000);
});
