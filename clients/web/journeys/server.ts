import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

/** Environment variables of the server. */
export type Settings = Readonly<Record<`LATCHKEY_${string}`, string>>;

/** A response with its undecoded body. */
export interface RawResponse {
  readonly body: Buffer;
  readonly encoding: string | undefined;
}

/** A real server with its own port and data. */
export interface RunningServer {
  readonly origin: string;
  /** Fetches a path without decoding the response. */
  readonly raw: (path: string, headers: Record<string, string>) => Promise<RawResponse>;
  /** Stops the server. Its data stays, and it can be restarted on the same port. */
  readonly stop: () => Promise<void>;
  readonly restart: () => Promise<void>;
  /** Stops the server, and removes its data. */
  readonly remove: () => Promise<void>;
}

/** Creates the data of an unused server once, because the creation of a database is slow. */
export async function makeData(binary: string, folder: string): Promise<string> {
  const server = await startIn(binary, {}, folder);
  await server.stop();
  return join(folder, "data");
}

/** Starts a server with a copy of the unused data, and waits until it is ready. */
export async function startServer(binary: string, settings: Settings): Promise<RunningServer> {
  const home = await mkdtemp(join(tmpdir(), "latchkey-journeys-"));
  // With the owner of the files, which Postgres checks.
  await promisify(execFile)("cp", ["-a", inject("data"), join(home, "data")]);
  return startIn(binary, settings, home);
}

async function startIn(binary: string, settings: Settings, home: string): Promise<RunningServer> {
  let port = 0;
  let running: ChildProcess | undefined;

  async function restart() {
    const started = spawn(binary, ["dev", "--listen", `127.0.0.1:${port}`, "--data-dir", join(home, "data")], {
      cwd: home,
      env: { ...withoutLatchkey(process.env), ...settings },
    });
    running = started;
    port = await announcedPort(started);
  }

  async function stop() {
    const stopped = running;
    running = undefined;
    if (stopped && stopped.exitCode === null) {
      await new Promise((resolve) => {
        stopped.once("exit", resolve);
        stopped.kill("SIGINT");
      });
    }
  }

  async function remove() {
    await stop();
    await rm(home, { recursive: true, force: true });
  }

  try {
    await restart();
  } catch (error) {
    await remove();
    throw error;
  }
  const origin = `http://localhost:${port}`;
  return { origin, raw: (path, headers) => raw(origin + path, headers), stop, restart, remove };
}

/** Fetches without decompressing the body, unlike fetch. */
function raw(url: string, headers: Record<string, string>): Promise<RawResponse> {
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
