// What the journey of push starts from: a server that sends by a Google of its own on this machine, and a browser.
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A notification as the server hands it to Firebase. */
export interface SentMessage {
  readonly token: string;
  readonly notification: { readonly title: string; readonly body: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** Google's servers for tokens and messages, in memory. */
export interface FakeGoogle {
  readonly settings: Record<string, string>;
  readonly sent: readonly SentMessage[];
  readonly stop: () => Promise<void>;
}

/** The public key of RFC 8292's example. */
export const vapidKey = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

/** Starts them, and gives the settings of a server that uses them. */
export async function startGoogle(): Promise<FakeGoogle> {
  const sent: SentMessage[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk;
    });
    request.on("end", () => {
      response.setHeader("Content-Type", "application/json");
      if (request.url === "/token") {
        response.end(JSON.stringify({ access_token: "ya29.token", token_type: "Bearer", expires_in: 3599 }));
        return;
      }
      sent.push((JSON.parse(body) as { message: SentMessage }).message);
      response.end(JSON.stringify({ name: `projects/shop/messages/${sent.length}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    sent,
    settings: {
      LATCHKEY_FCM_ENDPOINT: url,
      LATCHKEY_FCM_CREDENTIALS: JSON.stringify({
        type: "service_account",
        project_id: "shop",
        private_key_id: "key-1",
        private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
        client_email: "push@shop.iam.gserviceaccount.com",
        token_uri: `${url}/token`,
      }),
      LATCHKEY_FCM_WEB_CONFIG: JSON.stringify({
        apiKey: "AIza-key",
        projectId: "shop",
        messagingSenderId: "123456789012",
        appId: "1:123456789012:web:abc",
      }),
      LATCHKEY_FCM_WEB_VAPID_KEY: vapidKey,
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A real Latchkey with a port and data of its own. */
export interface Server {
  readonly origin: string;
  /** Makes an account, as any program could. */
  readonly signUp: (email: string, password: string) => Promise<void>;
  /** Calls the service that needs nobody to be signed in. */
  readonly call: (method: string, body: object, userAgent?: string) => Promise<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

/** Starts the program that SERVER_BINARY names, with the pages in it. */
export async function startServer(settings: Record<string, string>): Promise<Server> {
  const home = await mkdtemp(join(tmpdir(), "latchkey-push-"));
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("LATCHKEY_"));
  const program = process.env["SERVER_BINARY"] ?? join(import.meta.dirname, "../../../bin/latchkey");
  const running = spawn(program, ["dev", "--listen", "127.0.0.1:0", "--data-dir", join(home, "data")], {
    cwd: home,
    env: { ...Object.fromEntries(environment), LATCHKEY_RATE_LIMITS: "off", ...settings },
  });
  const origin = `http://localhost:${await announcedPort(running)}`;

  async function call(method: string, body: object, userAgent = "journey") {
    const answer = await fetch(`${origin}/latchkey.v1.AuthService/${method}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "User-Agent": userAgent, "Accept-Language": "en" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} was refused: ${text}`);
    }
    return JSON.parse(text) as Record<string, unknown>;
  }

  async function codeFor(email: string): Promise<string> {
    for (;;) {
      const answer = await fetch(`${origin}/dev/outbox?to=${encodeURIComponent(email)}`, {
        headers: { Accept: "application/json" },
      });
      const [message] = (await answer.json()) as { code: string }[];
      if (message) {
        return message.code;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  return {
    origin,
    call,
    async signUp(email, password) {
      const { verificationId } = await call("SendCode", { purpose: "PURPOSE_SIGN_UP", email });
      await call("VerifyCode", { verificationId, code: await codeFor(email) });
      const about = { name: "Ada", nickname: "ada", role: "trainee" };
      await call("SignUp", { email, password, ...about, verificationIds: [verificationId] });
    },
    async stop() {
      await new Promise((resolve) => {
        running.once("exit", resolve);
        running.kill("SIGINT");
      });
      await rm(home, { recursive: true, force: true });
    },
  };
}

function announcedPort(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk;
      const [, port] = /API\s+http:\/\/localhost:(\d+)\//.exec(output) ?? [];
      if (port) {
        resolve(port);
      }
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("exit", () => reject(new Error(`the server ended before it was ready:\n${output}`)));
  });
}
