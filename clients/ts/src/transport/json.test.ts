import { fromJson } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ListSessionsResponseSchema } from "../gen/latchkey/v1/account_service_pb.js";
import { UserSchema } from "../gen/latchkey/v1/user_pb.js";
import { createFakeLatchkey } from "../testing/fake-latchkey.js";

function signedIn() {
  const fake = createFakeLatchkey();
  fake.signIn(fake.addUser({ email: "ada@example.com", name: "Ada" }));
  return fake.client;
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

test("JSON.stringify writes a user as the server writes it, and it can be read again", async () => {
  const { user } = await signedIn().account.getProfile();
  const written = JSON.parse(JSON.stringify(user));
  expect(written).toMatchObject({ email: "ada@example.com", phone: "", phoneVerified: false });
  expect(written.createdAt).toMatch(isoTime);
  expect(fromJson(UserSchema, written)).toEqual(user);
});

test("the session, whole answers, lists and copies can be written as well", async () => {
  const client = signedIn();
  const session = await client.session.ready();
  expect(JSON.parse(JSON.stringify(session))).toMatchObject({ status: "signedIn", user: { name: "Ada" } });

  const sessions = await client.account.listSessions();
  expect(fromJson(ListSessionsResponseSchema, JSON.parse(JSON.stringify(sessions)))).toEqual(sessions);
  expect(JSON.parse(JSON.stringify(sessions.sessions))[0].expiresAt).toMatch(isoTime);

  const copy = { ...session.user, nickname: "countess" };
  expect(JSON.parse(JSON.stringify(copy))).toMatchObject({ nickname: "countess", updatedAt: expect.any(String) });

  const asked = await client.auth.getSession();
  expect(JSON.parse(JSON.stringify(asked))).toMatchObject({ user: { name: "Ada" } });
  expect(JSON.parse(JSON.stringify(await client.auth.getSettings()))).toMatchObject({ codes: { ttl: "600s" } });
});

test("fields are compared and copied without it", async () => {
  const { user } = await signedIn().account.getProfile();
  expect(Object.keys(user ?? {})).not.toContain("toJSON");
  expect(structuredClone(user)).toEqual(user);
});
