import { readFileSync } from "node:fs";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorDetailSchema } from "../gen/latchkey/v1/error_pb.js";
import { codeOf, refusal } from "../testing/refusal.js";
import { LatchkeyError } from "./latchkey-error.js";
import type { Reason } from "./reason.js";

describe("from", () => {
  test("has all details from the server", () => {
    const error = LatchkeyError.from(
      refusal("CODE_MISMATCH", {
        attemptsLeft: 3,
        retryAfter: 1500,
        violations: { "verificationIds[1]": "text.opaque" },
      }),
    );
    expect(error).toMatchObject({
      reason: "CODE_MISMATCH",
      code: Code.FailedPrecondition,
      attemptsLeft: 3,
      retryAfter: 1500,
    });
    expect(error.requestId).toBe("req_FAKE");
    expect(error.violations["verificationIds[1]"]).toEqual([
      { field: "verificationIds[1]", rule: "text.opaque", message: "This violates text.opaque." },
    ]);
    expect(error.fieldViolations).toHaveLength(1);
  });

  test("keeps no tries with other reasons, whose zero means nothing", () => {
    expect(LatchkeyError.from(refusal("CODE_EXPIRED")).attemptsLeft).toBeUndefined();
  });

  test("gives an error that it has made back as it is", () => {
    const error = LatchkeyError.from(refusal("BUSY"));
    expect(LatchkeyError.from(error)).toBe(error);
  });

  test("calls a lost connection what it is", () => {
    const error = LatchkeyError.from(new TypeError("fetch failed"));
    expect(error.reason).toBe("NETWORK_FAILED");
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test("degrades a reason that is newer than the client to its code", () => {
    const newer = (code: Code) =>
      LatchkeyError.from(
        new ConnectError("new", code, undefined, [
          { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, { reason: 999 as never }) },
        ]),
      );
    expect(newer(Code.AlreadyExists)).toMatchObject({ reason: "UNKNOWN", code: Code.AlreadyExists });
    expect(newer(Code.NotFound).reason).toBe("NOT_FOUND");
  });

  test("understands what a proxy answers in the server's place", () => {
    const error = LatchkeyError.from(
      new ConnectError("HTTP 503", Code.Unavailable, { "Retry-After": "7", "X-Request-Id": "req_1" }),
    );
    expect(error).toMatchObject({ reason: "DEPENDENCY_DOWN", retryAfter: 7000, requestId: "req_1" });
    expect(LatchkeyError.from(new ConnectError("HTTP 418", Code.Unknown)).reason).toBe("UNKNOWN");
  });

  test("takes anything that was thrown", () => {
    expect(LatchkeyError.from("text").reason).toBe("UNKNOWN");
    expect(LatchkeyError.from(new DOMException("stop", "AbortError")).reason).toBe("CANCELED");
    expect(LatchkeyError.from(undefined).reason).toBe("UNKNOWN");
  });
});

test("it is a ConnectError, and no ConnectError is one of it", () => {
  expect(LatchkeyError.from(refusal("BUSY"))).toBeInstanceOf(ConnectError);
  expect(new ConnectError("other")).not.toBeInstanceOf(LatchkeyError);
});

test("field names cannot reach what objects inherit", () => {
  const error = LatchkeyError.from(refusal("INVALID_FIELDS"));
  expect(error.violations["constructor"]).toBeUndefined();
});

test("the reasons and their codes are those of docs/errors.md", () => {
  const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| ([A-Z_]+) \| ([a-z_]+) \|/gm)].map(([, reason, code]) => [reason, code]);
  const ours = Object.entries(codeOf).map(([reason, code]) => [
    reason,
    Code[code].replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase(),
  ]);
  expect(ours.sort()).toEqual(rows.sort());
});

test("the compiler knows which reasons a switch has left out", () => {
  type Rest = Exclude<Reason, "EMAIL_TAKEN">;
  const isRest: Rest extends never ? true : false = false;
  // @ts-expect-error: all other reasons are missing
  const texts: Record<Reason, string> = { EMAIL_TAKEN: "taken" };
  expect([isRest, texts.EMAIL_TAKEN]).toEqual([false, "taken"]);
});
