import { join } from "node:path";
import { expect, test } from "vitest";
import { findBareText } from "./bare-text";

test("no text has siblings without an element of its own", () => {
  expect(findBareText(join(import.meta.dirname, "../../tsconfig.json"))).toEqual([]);
});
