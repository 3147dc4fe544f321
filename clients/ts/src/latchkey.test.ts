import { createRouterTransport } from "@connectrpc/connect";
import { describe, expect, expectTypeOf, test } from "vitest";
import { LatchkeyError } from "./errors/latchkey-error.js";
import { AdminService } from "./gen/latchkey/v1/admin_service_pb.js";
import { AuthService, type SignInResponse } from "./gen/latchkey/v1/auth_service_pb.js";
import { Purpose } from "./gen/latchkey/v1/purpose_pb.js";
import { TokenService } from "./gen/latchkey/v1/token_service_pb.js";
import { createLatchkey } from "./latchkey.js";
import { createFakeLatchkey } from "./testing/fake-latchkey.js";
import { refusal } from "./testing/refusal.js";

function answering(answer: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(request);
    const gone = new Promise<never>((_, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
      request.signal.throwIfAborted();
    });
    return Promise.race([gone, answer(request)]);
  };
  return { requests, fetch };
}

const empty = () => Response.json({});

describe("over HTTP", () => {
  test("a call in cookie mode asks for cookies, and sends those that it has", async () => {
    const { fetch, requests } = answering(empty);
    await createLatchkey({ baseUrl: "https://auth.example.com/", fetch }).auth.getSettings();
    expect(requests[0]?.url).toBe("https://auth.example.com/latchkey.v1.AuthService/GetSettings");
    expect(requests[0]?.headers.get("Latchkey-Session")).toBe("cookie");
    expect(requests[0]?.credentials).toBe("include");
  });

  test("a call in bearer mode leaves cookies alone", async () => {
    const { fetch, requests } = answering(empty);
    const tokens = {
      accessToken: "token",
      accessExpiresAt: Date.now() + 60_000,
      refreshToken: "",
      refreshExpiresAt: 0,
    };
    const tokenStore = { load: () => tokens, save: () => undefined, clear: () => undefined };
    await createLatchkey({ baseUrl: "https://auth.example.com", fetch, tokenStore }).account.getProfile();
    expect(requests[0]?.headers.get("Authorization")).toBe("Bearer token");
    expect(requests[0]?.headers.get("Latchkey-Session")).toBeNull();
    expect(requests[0]?.credentials).toBe("omit");
  });

  test("a request is sent flat, as curl would send it", async () => {
    const { fetch, requests } = answering(empty);
    const latchkey = createLatchkey({ baseUrl: "https://auth.example.com", fetch });
    await latchkey.auth.signIn({ email: "ada@example.com", password: "x" });
    expect(await requests[0]?.json()).toEqual({ email: "ada@example.com", password: "x" });
  });

  test.each([
    ["no connection", () => Promise.reject(new TypeError("Failed to fetch")), "NETWORK_FAILED"],
    [
      "an answer that breaks off",
      () => new Response(broken(), { headers: { "Content-Type": "application/json" } }),
      "NETWORK_FAILED",
    ],
    ["a gateway in the server's place", () => new Response("<h1>502</h1>", { status: 502 }), "DEPENDENCY_DOWN"],
    [
      "a page in the server's place",
      () => new Response("<h1>Log in to the Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } }),
      "UNKNOWN",
    ],
    ["an error of the server", () => Response.json({ code: "internal", message: "x" }, { status: 500 }), "INTERNAL"],
  ] as const)("%s becomes an error with a reason", async (_, answer, reason) => {
    const { fetch } = answering(answer);
    const call = createLatchkey({ baseUrl: "https://auth.example.com", fetch }).auth.getSettings();
    const error = await call.catch((caught) => caught);
    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error.reason).toBe(reason);
  });

  test("a call that takes too long is given up", async () => {
    const { fetch } = answering(() => new Promise(() => undefined));
    const latchkey = createLatchkey({ baseUrl: "https://auth.example.com", fetch, timeoutMs: 20 });
    await expect(latchkey.auth.getSettings()).rejects.toMatchObject({ reason: "TIMED_OUT" });
  });

  test("a call can be given up by its caller", async () => {
    const { fetch } = answering(() => new Promise(() => undefined));
    const latchkey = createLatchkey({ baseUrl: "https://auth.example.com", fetch });
    await expect(latchkey.auth.getSettings({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      reason: "CANCELED",
    });
  });
});

function broken(): ReadableStream {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
    pull: (controller) => controller.error(new TypeError("terminated")),
  });
}

test("requests are typed, flat or as protobuf-es writes them", async () => {
  const { client, addUser, signIn } = createFakeLatchkey();
  signIn(addUser());
  expectTypeOf(client.auth.signIn).returns.resolves.toEqualTypeOf<SignInResponse>();
  await client.auth.sendCode({ purpose: Purpose.SIGN_UP, email: "ada@example.com" });
  await client.auth.checkAvailability({ contact: { case: "email", value: "ada@example.com" } });
  // @ts-expect-error: of two contacts only one can be given
  await client.auth.checkAvailability({ email: "ada@example.com", phone: "010-1234-5678" });
  // @ts-expect-error: there is no such field
  await client.account.updateProfile({ age: 36 });
  // @ts-expect-error: a profile needs no telling whose
  await client.account.getProfile({ id: "usr_1" });
});

test("other services are called with the same session, and refuse in the same way", async () => {
  const { client } = createFakeLatchkey({
    routes: (router) => {
      router.service(AdminService, {
        listUsers: (_, { requestHeader }) => ({ nextPageToken: requestHeader.get("Latchkey-Session") ?? "" }),
      });
      router.service(TokenService, {
        // biome-ignore lint/correctness/useYield: it refuses before the first message
        async *watchRevocations() {
          throw refusal("DEPENDENCY_DOWN");
        },
      });
    },
  });
  expect(await client.service(AdminService).listUsers({})).toMatchObject({ nextPageToken: "cookie" });
  const stream = client.service(TokenService).watchRevocations({});
  await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: "DEPENDENCY_DOWN" });
});

test("a transport of the application's own is enough", async () => {
  const transport = createRouterTransport(({ service }) =>
    service(AuthService, { getSettings: () => ({ phoneRegion: "US" }) }),
  );
  expect(await createLatchkey({ transport }).auth.getSettings()).toMatchObject({ phoneRegion: "US" });
});
