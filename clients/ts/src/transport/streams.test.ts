import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { createRouterTransport, type HandlerContext } from "@connectrpc/connect";
import { beforeEach, expect, test } from "vitest";
import { memoryTokenStore } from "../bearer/token-store.js";
import { TokenService, type WatchRevocationsRequest } from "../gen/latchkey/v1/token_service_pb.js";
import { createLatchkey } from "../latchkey.js";
import { createFakeLatchkey, type FakeLatchkey } from "../testing/fake-latchkey.js";
import { refusal } from "../testing/refusal.js";

let fake: FakeLatchkey;
/** What the stream does at each opening. Then it sends its cursor. */
let failures: (() => Error)[];
let opened: { request: WatchRevocationsRequest; context: HandlerContext }[];

beforeEach(() => {
  failures = [];
  opened = [];
  fake = createFakeLatchkey({
    routes: (router) =>
      router.service(TokenService, {
        async *watchRevocations(request, context) {
          opened.push({ request, context });
          const failure = failures.shift();
          if (failure) {
            throw failure();
          }
          yield { cursor: `${request.cursor}+1`, notBefore: timestampFromDate(new Date(0)) };
          yield { cursor: `${request.cursor}+2` };
        },
      }),
  });
});

async function cursors(client = fake.client): Promise<string[]> {
  const seen: string[] = [];
  for await (const { cursor } of client.service(TokenService).watchRevocations({ cursor: "7" })) {
    seen.push(cursor);
  }
  return seen;
}

test("a stream takes a flat request, and its messages can be written as JSON", async () => {
  expect(await cursors()).toEqual(["7+1", "7+2"]);
  for await (const message of fake.client.service(TokenService).watchRevocations({ cursor: "7" })) {
    expect(JSON.parse(JSON.stringify(message))).toMatchObject({ notBefore: "1970-01-01T00:00:00Z" });
    break;
  }
});

test("a refusal of a stream makes the client ask who is signed in, and the stream is opened again", async () => {
  fake.signIn(fake.addUser());
  await fake.client.session.ready();
  failures.push(() => refusal("SESSION_REVOKED"));
  expect(await cursors()).toEqual(["7+1", "7+2"]);
  expect(fake.calls.filter((method) => method === "getSession")).toHaveLength(2);
});

test("a refusal of a stream ends a session that is over", async () => {
  const ada = fake.addUser();
  fake.signIn(ada);
  await fake.client.session.ready();
  fake.endSessions(ada);
  failures.push(() => refusal("SESSION_REVOKED"));
  await expect(cursors()).rejects.toMatchObject({ reason: "SESSION_REVOKED" });
  expect(fake.client.session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
});

test("a stream is opened again with a renewed token", async () => {
  const client = fake.bearerClient(memoryTokenStore());
  const ada = fake.addUser({ email: "ada@example.com" });
  await client.auth.signIn({ email: ada.email, password: "Correct-horse1" });
  failures.push(() => refusal("TOKEN_EXPIRED"));
  expect(await cursors(client)).toEqual(["7+1", "7+2"]);
  const tokens = opened.map(({ context }) => context.requestHeader.get("Authorization"));
  expect(tokens[1]).toMatch(/^Bearer access\./);
  expect(tokens[1]).not.toBe(tokens[0]);
});

test("a stream that has begun is not opened again by itself", async () => {
  const transport = createRouterTransport(({ service }) =>
    service(TokenService, {
      async *watchRevocations(request, context) {
        opened.push({ request, context });
        yield { cursor: "first" };
        throw refusal("SESSION_REVOKED");
      },
    }),
  );
  await expect(cursors(createLatchkey({ transport }))).rejects.toMatchObject({ reason: "SESSION_REVOKED" });
  expect(opened).toHaveLength(1);
});

test("the limit for calls is not one for streams, unless the caller says so", async () => {
  const limits: (number | undefined)[] = [];
  const client = createLatchkey({
    transport: {
      ...fake.transport,
      stream: (method, signal, timeoutMs, ...rest) => {
        limits.push(timeoutMs);
        return fake.transport.stream(method, signal, timeoutMs, ...rest);
      },
    },
  });
  await cursors(client);
  const stream = client.service(TokenService).watchRevocations({ cursor: "7" }, { timeoutMs: 5_000 });
  await stream[Symbol.asyncIterator]().next();
  expect(limits).toEqual([0, 5_000]);
});

test("what a stream is told last comes through", async () => {
  const transport = createRouterTransport(({ service }) =>
    service(TokenService, {
      // biome-ignore lint/correctness/useYield: it ends without a message
      async *watchRevocations(_, context) {
        context.responseTrailer.set("Cursor", "42");
      },
    }),
  );
  let trailer: Headers | undefined;
  const stream = createLatchkey({ transport })
    .service(TokenService)
    .watchRevocations(
      { cursor: "7" },
      {
        onTrailer: (headers) => {
          trailer = headers;
        },
      },
    );
  for await (const _ of stream) {
    throw new Error("there is no message");
  }
  expect(trailer?.get("Cursor")).toBe("42");
});

test("a stream that is left is closed", async () => {
  let signal: AbortSignal | undefined;
  const client = createLatchkey({
    transport: {
      ...fake.transport,
      stream: (method, given, ...rest) => {
        signal = given;
        return fake.transport.stream(method, given, ...rest);
      },
    },
  });
  for await (const { cursor } of client.service(TokenService).watchRevocations({ cursor: "7" })) {
    expect(cursor).toBe("7+1");
    expect(signal?.aborted).toBe(false);
    break;
  }
  expect(signal?.aborted).toBe(true);
});

test("a stream can be given up by its caller, before and while it runs", async () => {
  const before = fake.client.service(TokenService).watchRevocations({}, { signal: AbortSignal.abort() });
  await expect(before[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: "CANCELED" });
  expect(opened).toHaveLength(0);

  const giveUp = new AbortController();
  const running = fake.client.service(TokenService).watchRevocations({ cursor: "7" }, { signal: giveUp.signal });
  const messages = running[Symbol.asyncIterator]();
  await messages.next();
  giveUp.abort();
  await expect(messages.next()).rejects.toMatchObject({ reason: "CANCELED" });
});
