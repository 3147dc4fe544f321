import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

/** What this server is told by environment variables. */
export type Settings = Readonly<Record<`LATCHKEY_${string}`, string>>;

/** An answer as it came. */
export interface RawAnswer {
  readonly body: Buffer;
  readonly encoding: string | undefined;
}

/** A real Latchkey with a port and data of its own. */
export interface RunningServer {
  readonly origin: string;
  /** Gives the very bytes of an answer. */
  readonly raw: (path: string, headers: Record<string, string>) => Promise<RawAnswer>;
  /** Stops the server; its data stays, and it can be started again on the same port. */
  readonly goDown: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
  /** Stops the server, and removes its data. */
  readonly end: () => Promise<void>;
}

/** Makes the data of a server that nobody has used, in a folder: a database takes its time to be made. */
export async function makeData(binary: string, folder: string): Promise<string> {
  const server = await startIn(binary, {}, folder);
  await server.goDown();
  return join(folder, "data");
}

/** Starts a server whose data nobody has used, and waits until it answers. */
export async function startServer(binary: string, settings: Settings): Promise<RunningServer> {
  const home = await mkdtemp(join(tmpdir(), "latchkey-journeys-"));
  // As it stands, with its owner: Postgres wants its files to be its own.
  await promisify(execFile)("cp", ["-a", inject("data"), join(home, "data")]);
  return startIn(binary, settings, home);
}

async function startIn(binary: string, settings: Settings, home: string): Promise<RunningServer> {
  let port = 0;
  let running: ChildProcess | undefined;

  async function comeBack() {
    const started = spawn(binary, ["dev", "--listen", `127.0.0.1:${port}`, "--data-dir", join(home, "data")], {
      cwd: home,
      env: { ...withoutLatchkey(process.env), ...settings },
    });
    running = started;
    port = await announcedPort(started);
  }

  async function goDown() {
    const stopped = running;
    running = undefined;
    if (stopped && stopped.exitCode === null) {
      await new Promise((resolve) => {
        stopped.once("exit", resolve);
        stopped.kill("SIGINT");
      });
    }
  }

  async function end() {
    await goDown();
    await rm(home, { recursive: true, force: true });
  }

  try {
    await comeBack();
  } catch (error) {
    await end();
    throw error;
  }
  const origin = `http://localhost:${port}`;
  return { origin, raw: (path, headers) => raw(origin + path, headers), goDown, comeBack, end };
}

/** Asks without undoing what the answer is compressed with, as fetch does. */
function raw(url: string, headers: Record<string, string>): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.once("end", () => resolve({ body: Buffer.concat(parts), encoding: answer.headers["content-encoding"] }));
    });
    asked.once("error", reject);
  });
}

function withoutLatchkey(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("LATCHKEY_")));
}

function announcedPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      const announced = /API\s+http:\/\/localhost:(\d+)\//.exec(output);
      if (announced) {
        resolve(Number(announced[1]));
      }
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the server ended before it was ready:\n${output}`)));
  });
}
