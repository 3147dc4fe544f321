import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { expect, test } from "vitest";

// Tests run in the folder of the package.
const root = join(process.cwd(), "../..");

/** Where sentences in Korean stand. Those of messages are tested beside their templates. */
const places = ["clients/web/src", "clients/ts/src/texts", "server/internal/app/pages"];

const sources = places.flatMap((place) =>
  readdirSync(join(root, place), { recursive: true, encoding: "utf8" })
    .filter((name) => [".ts", ".tsx", ".html"].includes(extname(name)) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(place, name)),
);

// Pages, errors and messages speak to people in one voice, 해요체: a sentence ends in 요, not in 니다.
test("pages and errors in Korean are in one register", () => {
  expect(sources.length).toBeGreaterThan(100);
  for (const source of sources) {
    const found = readFileSync(join(root, source), "utf8").match(/[가-힣 ]*(니다|십시오|니까)/)?.[0];
    expect(found, source).toBeUndefined();
  }
});
