// Adds up the JUnit reports of all suites and prints one line: "N passed, N failed". Exits with 1 when a test failed, or
// when none ran.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const reports = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".xml")) : [];

let passed = 0;
let failed = 0;
for (const name of reports) {
  const report = readFileSync(join(folder, name), "utf8");
  for (const [, attributes] of report.matchAll(/<testsuite\s([^>]*)>/g)) {
    const count = (attribute) => Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    const bad = count("failures") + count("errors");
    failed += bad;
    passed += count("tests") - bad - count("skipped");
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
