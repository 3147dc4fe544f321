import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatPhone } from "./phone.js";

test.each([
  ["", ""],
  ["0", "0"],
  ["010", "010"],
  ["0101", "010-1"],
  ["0101234", "010-1234"],
  ["01012345", "010-1234-5"],
  ["01012345678", "010-1234-5678"],
  ["010-1234-5678", "010-1234-5678"],
  ["+821012345678", "010-1234-5678"],
  ["+82 (0)10 1234 5678", "010-1234-5678"],
  ["０１０１２３４５６７８", "010-1234-5678"],
  ["0111234567", "011-123-4567"],
  ["0212345678", "02-1234-5678"],
  ["021234567", "02-123-4567"],
  ["0311234567", "031-123-4567"],
  ["03112345678", "031-1234-5678"],
  ["07012345678", "070-1234-5678"],
  ["050212345678", "0502-1234-5678"],
  ["15881234", "1588-1234"],
  ["15881", "1588-1"],
  ["010123456789", "010123456789"],
  ["+1 202 555 0123", "+1 202 555 0123"],
  ["010 call me", "010 call me"],
])("%s is shown as %s", (typed, shown) => {
  expect(formatPhone(typed, "KR")).toBe(shown);
});

test("numbers of other regions stay as they are", () => {
  expect(formatPhone("2025550123", "US")).toBe("2025550123");
});

test("formatting twice changes nothing, and no digit is lost", () => {
  const examples: { input: string; canonical?: string; region?: string }[] = JSON.parse(
    readFileSync(new URL("../../../../server/internal/contact/testdata/phones.json", import.meta.url), "utf8"),
  );
  for (const { input, canonical, region = "KR" } of examples) {
    const shown = formatPhone(input, region);
    expect(formatPhone(shown, region)).toBe(shown);
    if (canonical?.startsWith("+8210")) {
      expect(formatPhone(canonical, "KR").replaceAll("-", "")).toBe(canonical.replace("+82", "0"));
    }
  }
});
