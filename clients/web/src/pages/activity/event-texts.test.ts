import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventTexts, suspiciousEvents } from "./event-texts";

const source = readFileSync("../../server/internal/audit/event.go", "utf8");
const ofServer = [...source.matchAll(/^\t\w+\s+Event\s*= "(\w+)"$/gm)].map(([, event]) => event ?? "");

test("every event of the server has a text in both languages, and no text is unused", () => {
  expect(ofServer).toContain("contact_lost");
  expect(Object.keys(eventTexts.en).sort()).toEqual(ofServer.toSorted());
  expect(Object.keys(eventTexts.ko).sort()).toEqual(ofServer.toSorted());
});

test("the server has no event beside that list", () => {
  expect(source.match(/Event\("/g)).toBeNull();
  // Constants are declared one to a line, as above; anything else would go unseen.
  const [, constants = ""] = source.split(/^const \($/m);
  const declared = constants.slice(0, constants.indexOf("\n)")).match(/"\w+"/g) ?? [];
  expect(declared).toHaveLength(ofServer.length);
});

test("what is worth a question is an event", () => {
  expect(ofServer).toEqual(expect.arrayContaining([...suspiciousEvents]));
});
