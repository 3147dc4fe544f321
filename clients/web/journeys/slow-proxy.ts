// A proxy in front of the server that can hold calls, so that a test decides in which order responses arrive.
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A call that is held until the test releases it. */
export interface HeldCall {
  /** Resolves when the call is being held. */
  readonly reached: Promise<void>;
  /** Releases the call. */
  readonly release: () => void;
}

/** A running proxy. Pages at its origin call the server through it. */
export interface SlowProxy {
  readonly origin: string;
  /** Holds the next call of a method before it reaches the server. It carries the cookies of that moment. */
  readonly holdRequest: (method: string) => HeldCall;
  /** Holds the response to the next call of a method: the server has executed it, but the browser has not received its cookies. */
  readonly holdResponse: (method: string) => HeldCall;
  /** Responds to the next call of a method instead of the server, for errors that the server sends only after minutes. */
  readonly respondOnce: (method: string, answer: OwnResponse) => void;
  /** Returns how often a method was called. */
  readonly count: (method: string) => number;
  readonly stop: () => Promise<void>;
}

/** Pages of a test that the proxy serves, by path. */
export type OwnPages = Readonly<Record<string, { readonly type: string; readonly body: string }>>;

/** A JSON response of the proxy. */
export interface OwnResponse {
  readonly status: number;
  readonly body: object;
}

type Gate = { readonly pass: () => Promise<void> };

/** Starts a proxy in front of a server. */
export async function startProxy(target: string, pages: OwnPages = {}): Promise<SlowProxy> {
  const requests = new Map<string, Gate[]>();
  const answers = new Map<string, Gate[]>();
  const own = new Map<string, OwnResponse>();
  const calls: string[] = [];

  const server = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? "/", target).pathname;
    const page = pages[path];
    if (page) {
      outgoing.writeHead(200, { "Content-Type": page.type }).end(page.body);
      return;
    }
    const method = path.slice(path.lastIndexOf("/") + 1);
    if (incoming.method === "POST") {
      calls.push(method);
    }
    void forward(incoming, outgoing, method);
  });

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse, method: string) {
    const body = await bytesOf(incoming);
    await requests.get(method)?.shift()?.pass();
    const answered = own.get(method);
    if (answered) {
      own.delete(method);
      outgoing.writeHead(answered.status, { "Content-Type": "application/json" }).end(JSON.stringify(answered.body));
      return;
    }
    const forwarded = request(target + incoming.url, { method: incoming.method ?? "GET", headers: incoming.headers });
    forwarded.once("error", () => outgoing.destroy());
    forwarded.once("response", async (answer) => {
      const bytes = await bytesOf(answer);
      await answers.get(method)?.shift()?.pass();
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(bytes);
    });
    forwarded.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    holdRequest: (method) => hold(requests, method),
    holdResponse: (method) => hold(answers, method),
    respondOnce: (method, answer) => own.set(method, answer),
    count: (method) => calls.filter((name) => name === method).length,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function hold(gates: Map<string, Gate[]>, method: string): HeldCall {
  let reach: () => void = () => undefined;
  let release: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const gate: Gate = {
    pass() {
      reach();
      return released;
    },
  };
  gates.set(method, [...(gates.get(method) ?? []), gate]);
  return { reached, release: () => release() };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
