import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** A real Latchkey on a port and with data of its own. */
export interface RunningServer {
  readonly url: string;
  /** Waits for the next code that is sent to a contact. */
  readonly codeFor: (to: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts the server, and waits until it answers. `make test` has built it; otherwise it is built now. */
export async function startServer(settings: Record<string, string>): Promise<RunningServer> {
  const binary = process.env["SERVER_BINARY"] ?? (await buildServer());
  const data = await mkdtemp(join(tmpdir(), "latchkey-contract-"));
  const server = spawn(binary, ["dev", "--listen", "127.0.0.1:0", "--data-dir", join(data, "data")], {
    cwd: repository,
    env: { ...withoutLatchkey(process.env), ...settings },
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const stop = async () => {
    server.kill("SIGINT");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await announcedUrl(server);
    const read = new Set<string>();
    return { url, codeFor: (to) => readCode(url, to, read), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function buildServer(): Promise<string> {
  const binary = join(repository, ".cache/contract/latchkey");
  await promisify(execFile)("go", ["build", "-o", binary, "./server/cmd/latchkey"], { cwd: repository });
  return binary;
}

function withoutLatchkey(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("LATCHKEY_")));
}

function announcedUrl(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      const announced = /API\s+http:\/\/localhost:(\d+)\//.exec(output);
      if (announced) {
        resolve(`http://127.0.0.1:${announced[1]}`);
      }
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`the server ended before it was ready:\n${output}`)));
  });
}

/** Waits for a message that has not been read before: delivery takes a moment. */
async function readCode(url: string, to: string, read: Set<string>): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${url}/dev/outbox?to=${encodeURIComponent(to)}`, {
      headers: { Accept: "application/json" },
    });
    const [message] = (await answer.json()) as { id: string; code?: string }[];
    if (message?.code && !read.has(message.id)) {
      read.add(message.id);
      return message.code;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no code came for ${to}`);
}
