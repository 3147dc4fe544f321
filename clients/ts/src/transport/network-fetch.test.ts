// Which failures are a lost connection, and which are mistakes of the application.
import { describe, expect, test } from "vitest";
import { LatchkeyError } from "../errors/latchkey-error.js";
import { TokenService } from "../gen/latchkey/v1/token_service_pb.js";
import { createLatchkey, type LatchkeyOptions } from "../latchkey.js";
import { createFakeLatchkey } from "../testing/fake-latchkey.js";

const baseUrl = "https://auth.example.com";
const mistake = () => new TypeError("Cannot read properties of undefined (reading 'id')");

function reasonOf(options: LatchkeyOptions): Promise<unknown> {
  return createLatchkey({ baseUrl, ...options })
    .auth.getSettings()
    .then(
      () => "no failure",
      (caught) => LatchkeyError.from(caught).reason,
    );
}

describe("a lost connection is", () => {
  test.each(["Failed to fetch", "NetworkError when attempting to fetch resource.", "Load failed", "anything else"])(
    "a fetch that rejects with %s",
    async (message) => {
      const fetch = () => Promise.reject(new TypeError(message));
      expect(await reasonOf({ fetch })).toBe("NETWORK_FAILED");
    },
  );

  test("an answer that breaks off while it is read", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError("Error in input stream")) });
    const fetch = async () => new Response(body, { headers: { "Content-Type": "application/json" } });
    expect(await reasonOf({ fetch })).toBe("NETWORK_FAILED");
  });

  test("a stream that breaks off", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError("Error in input stream")) });
    const fetch = async () => new Response(body, { headers: { "Content-Type": "application/connect+json" } });
    const stream = createLatchkey({ baseUrl, fetch }).service(TokenService).watchRevocations({});
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
  });

  test("what a transport of the application's own rejects with as fetch does", async () => {
    const transport = { ...createFakeLatchkey().transport, unary: () => Promise.reject(new TypeError("fetch failed")) };
    expect(await reasonOf({ transport })).toBe("NETWORK_FAILED");
  });

  test("whatever the application calls so after a fetch of its own", () => {
    expect(LatchkeyError.from(new TypeError("Failed to fetch")).reason).toBe("NETWORK_FAILED");
  });
});

describe("a lost connection is not", () => {
  test("a mistake of the application", () => {
    expect(LatchkeyError.from(mistake())).toMatchObject({ reason: "UNKNOWN", cause: expect.any(TypeError) });
  });

  test("a mistake in an interceptor, before or after the call", async () => {
    const fetch = async () => Response.json({});
    const before = () => async () => {
      throw mistake();
    };
    const after = (next: (request: never) => Promise<never>) => async (request: never) => {
      await next(request);
      throw mistake();
    };
    expect(await reasonOf({ fetch, interceptors: [before as never] })).toBe("UNKNOWN");
    expect(await reasonOf({ fetch, interceptors: [after as never] })).toBe("UNKNOWN");
  });

  test("a mistake in a transport of the application's own", async () => {
    const transport = { ...createFakeLatchkey().transport, unary: () => Promise.reject(mistake()) };
    expect(await reasonOf({ transport })).toBe("UNKNOWN");
  });

  test("a request that cannot be written", async () => {
    const fetch = async () => Response.json({});
    const call = createLatchkey({ baseUrl, fetch }).auth.signIn({ email: 7 as never, password: "x" });
    await expect(call).rejects.toMatchObject({ reason: expect.not.stringMatching("NETWORK_FAILED") });
  });

  test("an address that is none", async () => {
    const call = createLatchkey({ baseUrl: "/" }).auth.getSettings();
    const error = await call.catch((caught) => caught);
    expect(error).toMatchObject({ reason: "UNKNOWN", rawMessage: expect.stringContaining("baseUrl") });
  });
});
