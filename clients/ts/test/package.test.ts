// The packed tarball, installed into an empty Vite project: it has the license, type-checks, builds, and stays small.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../", import.meta.url));

const installed = [
  "@connectrpc/connect-query",
  "@hookform/resolvers",
  "@tanstack/react-query",
  "@types/react",
  "@types/react-dom",
  "react",
  "react-dom",
  "react-hook-form",
];

let project: string;
let tarball: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "latchkey-package-"));
  await run("npm", ["run", "build"], { cwd: folder });
  const packed = await run("npm", ["pack", "--json", "--pack-destination", project], { cwd: folder });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  tarball = join(project, filename);

  await cp(join(folder, "test/package"), project, { recursive: true });
  await writeExamples(await readFile(join(folder, "README.md"), "utf8"));
  const { devDependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const dependencies = Object.fromEntries(installed.map((name) => [name, devDependencies[name]]));
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  await run("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", tarball], {
    cwd: project,
  });
}, 600_000);

afterAll(() => rm(project, { recursive: true, force: true }));

test.concurrent(
  "it type-checks in an application, and so does what the README shows",
  () => tool("tsc", ["-p", project]),
  120_000,
);

test.concurrent("it has the license of the repository", async () => {
  const license = await readFile(join(project, "node_modules/@latchkey-auth/client/LICENSE"), "utf8");
  expect(license).toBe(await readFile(join(folder, "../../LICENSE"), "utf8"));
});

test.concurrent("its types are published as they should be", async () => {
  // The package has no CommonJS build.
  await tool("attw", [tarball, "--profile", "esm-only"]);
}, 600_000);

test.concurrent("it builds, and stays below its size limits", async () => {
  const sizes = {
    "connect-web alone": await sizeOf("transport.ts"),
    "a client": await sizeOf("client.ts"),
    "a client and form rules": await sizeOf("forms.ts"),
    "an application with React": await sizeOf("main.tsx"),
  };
  process.stdout.write(
    `${Object.entries(sizes)
      .map(([what, size]) => `${(size / 1000).toFixed(1).padStart(7)} kB  ${what}`)
      .join("\n")}\n`,
  );
  expect(sizes["a client and form rules"]).toBeLessThan(60_000);
  expect(sizes["a client"] - sizes["connect-web alone"]).toBeLessThan(10_000);
}, 600_000);

/** Writes the examples of the README into the project, so that they are type-checked. */
async function writeExamples(readme: string): Promise<void> {
  const examples = [...readme.matchAll(/```(tsx?)\n(.*?)```/gs)];
  expect(examples.length).toBeGreaterThan(5);
  await Promise.all(examples.map(([, kind, code = ""], i) => writeFile(join(project, `readme-${i}.${kind}`), code)));
}

/** Runs a tool from the node_modules of the repository. */
function tool(name: string, args: string[], environment: Record<string, string> = {}) {
  return run("npm", ["exec", "--no", "--", name, ...args], { cwd: folder, env: { ...process.env, ...environment } });
}

type Manifest = Readonly<Record<string, { readonly file: string; readonly imports?: string[] }>>;

/** Returns the size of the initial load of a page, minified and compressed with gzip. Dynamic imports are not included. */
async function sizeOf(entry: string): Promise<number> {
  const out = join(project, "out", entry);
  await tool("vite", ["build", project, "--logLevel", "error", "--outDir", out], { ENTRY: join(project, entry) });
  const manifest = JSON.parse(await readFile(join(out, "manifest.json"), "utf8")) as Manifest;
  const loaded = new Set<string>();
  const load = (name: string) => {
    const { file = "", imports = [] } = manifest[name] ?? {};
    loaded.add(file);
    imports.forEach(load);
  };
  load(entry);
  const sizes = await Promise.all(
    [...loaded].map(async (name) => gzipSync(await readFile(join(out, name)), { level: 9 }).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
