import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { makeData } from "./server";

declare module "vitest" {
  interface ProvidedContext {
    /** The WebSocket endpoint of the browser that all files share; empty when there is none on this machine. */
    browser: string;
    /** The executables of the browsers, for tests that start their own; empty when there is none on this machine. */
    chromium: string;
    firefox: string;
    /** The executable of the server, including the pages. */
    server: string;
    /** The data of an unused server. Each server starts with a copy. */
    data: string;
  }
}

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** Finds or fetches the browsers, and builds the server unless `make test` has done so. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const executablePath = await findBrowser("chromium");
  if (!executablePath && process.env["CI"]) {
    throw new Error("CI has no browser for the journeys");
  }
  project.provide("chromium", executablePath);
  project.provide("firefox", executablePath && (await findBrowser("firefox")));
  project.provide("browser", "");
  project.provide("server", "");
  project.provide("data", "");
  if (!executablePath) {
    return undefined;
  }
  const server = process.env["SERVER_BINARY"] ?? (await buildServer());
  project.provide("server", server);
  const data = await mkdtemp(join(tmpdir(), "latchkey-journeys-"));
  project.provide("data", await makeData(server, data));
  const browser = await chromium.launchServer({
    executablePath,
    // Chromium's sandbox does not work as root. The tests visit trusted pages only.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
  });
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await rm(data, { recursive: true, force: true });
  };
}

async function findBrowser(name: "chromium" | "firefox"): Promise<string> {
  const { stdout, stderr } = await run("sh", [join(repository, "clients/web/journeys/install-browser.sh"), name]);
  process.stderr.write(stderr);
  return stdout.trim();
}

async function buildServer(): Promise<string> {
  const binary = join(repository, ".cache/journeys/latchkey");
  await run("npm", ["run", "build", "--workspace", "clients/ts"], { cwd: repository });
  await run("npm", ["run", "build", "--workspace", "clients/web"], { cwd: repository });
  await run("go", ["build", "-o", binary, "./server/cmd/latchkey"], { cwd: repository });
  return binary;
}
