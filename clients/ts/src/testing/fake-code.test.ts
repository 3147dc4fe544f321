import { timestampDate } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import { createFakeLatchkey, type FakeLatchkey } from "./fake-latchkey.js";

const email = "ada@example.com";

let fake: FakeLatchkey;

beforeEach(() => {
  fake = createFakeLatchkey();
  fake.addUser({ email });
});

afterEach(() => vi.restoreAllMocks());

async function sendCode(): Promise<{ verificationId: string; code: string }> {
  const { verificationId } = await fake.client.auth.sendCode({ purpose: Purpose.SIGN_IN, email });
  return { verificationId, code: fake.codeFor(email) };
}

test("the right code whose answer was lost leaves the same proof when it is sent again", async () => {
  const { auth } = fake.client;
  const sent = await sendCode();
  fake.dropNextResponse("verifyCode");
  await expect(auth.verifyCode(sent)).rejects.toMatchObject({ reason: "NETWORK_FAILED" });
  const again = await auth.verifyCode(sent);
  expect(await auth.verifyCode(sent)).toEqual(again);
  await auth.signInWithCode(sent);
});

test("a wrong code is refused after the right one as before it, and counts", async () => {
  const { auth } = fake.client;
  const sent = await sendCode();
  await auth.verifyCode(sent);
  await expect(auth.verifyCode({ ...sent, code: "000000" })).rejects.toMatchObject({
    reason: "CODE_MISMATCH",
    attemptsLeft: 3,
  });
});

test("a code whose proof was used, or has ended, is of no more use", async () => {
  const { auth } = fake.client;
  const used = await sendCode();
  await auth.verifyCode(used);
  await auth.signInWithCode(used);
  await expect(auth.verifyCode(used)).rejects.toMatchObject({ reason: "CODE_EXPIRED" });

  const old = await sendCode();
  const { expiresAt } = await auth.verifyCode(old);
  const end = expiresAt ? timestampDate(expiresAt).getTime() : 0;
  vi.spyOn(Date, "now").mockReturnValue(end);
  await expect(auth.signInWithCode(old)).rejects.toMatchObject({ reason: "PROOF_INVALID" });
});

test("calls of a method that is held wait until they are released", async () => {
  const release = fake.hold("getSettings");
  const answered = vi.fn();
  const call = fake.client.auth.getSettings().then(answered);
  await fake.client.auth.checkAvailability({ nickname: "ada" });
  expect(fake.calls).toEqual(["getSettings", "checkAvailability"]);
  expect(answered).not.toHaveBeenCalled();
  release();
  await call;
  await fake.client.auth.getSettings();
});
