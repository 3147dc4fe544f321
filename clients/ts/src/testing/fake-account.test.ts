import { beforeEach, expect, test } from "vitest";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "./fake-latchkey.js";

let fake: FakeLatchkey;
let ada: User;

beforeEach(() => {
  fake = createFakeLatchkey();
  ada = fake.addUser({ email: "ada@example.com" });
});

async function proof(
  contact: { email: string } | { phone: string },
  purpose: Purpose = Purpose.CHANGE_CONTACT,
): Promise<string> {
  const { auth } = fake.client;
  const { verificationId } = await auth.sendCode({ purpose, ...contact });
  await auth.verifyCode({ verificationId, code: fake.codeFor(Object.values(contact)[0] as string) });
  return verificationId;
}

const events = async () => (await fake.client.account.listActivity({})).activity.map(({ event }) => event);

test("activity lists what was done, newest first", async () => {
  const { account, auth } = fake.client;
  await auth.signIn({ email: "ada@example.com", password: "Wrong-horse1" }).catch(() => undefined);
  await auth.signIn({ email: "ada@example.com", password: fakePassword });
  await account.updateProfile({ name: "Countess" });
  await account.changePassword({ currentPassword: "Wrong-horse1", newPassword: "Other-horse2" }).catch(() => undefined);
  expect(await events()).toEqual(["password_refused", "profile_changed", "signed_in", "sign_in_failed"]);
});

test("activity comes in pages, and a page token opens no other list", async () => {
  fake.signIn(ada);
  for (let count = 0; count < 5; count++) {
    fake.addActivity(ada, `event_${count}`, { at: new Date(Date.UTC(2026, 0, 1 + count)) });
  }
  const { account } = fake.client;
  const first = await account.listActivity({ pageSize: 3 });
  expect(first.activity.map(({ event }) => event)).toEqual(["event_4", "event_3", "event_2"]);
  const second = await account.listActivity({ pageSize: 3, pageToken: first.nextPageToken });
  expect(second.activity.map(({ event }) => event)).toEqual(["event_1", "event_0"]);
  expect(second.nextPageToken).toBe("");

  fake.signIn(fake.addUser());
  await expect(account.listActivity({ pageToken: first.nextPageToken })).rejects.toMatchObject({
    reason: "INVALID_FIELDS",
  });
});

test("a contact is changed soon after a sign-in alone", async () => {
  fake.signIn(ada, { at: new Date(Date.now() - 11 * 60_000) });
  const verificationId = await proof({ email: "countess@example.com" });
  const { account, auth } = fake.client;
  await expect(account.changeContact({ verificationId })).rejects.toMatchObject({ reason: "RECENT_SIGN_IN_REQUIRED" });
  await auth.signIn({ email: "ada@example.com", password: fakePassword });
  const { user } = await account.changeContact({ verificationId });
  expect(user?.email).toBe("countess@example.com");
});

test("the password, or a code of an own contact, makes the session recent", async () => {
  fake.signIn(ada, { at: new Date(Date.now() - 11 * 60_000) });
  const { account } = fake.client;
  await expect(account.reauthenticate({ password: "Wrong-horse1" })).rejects.toMatchObject({
    reason: "CREDENTIALS_INVALID",
  });
  fake.addUser({ email: "bob@example.com" });
  const bobs = await proof({ email: "bob@example.com" }, Purpose.REAUTHENTICATE);
  await expect(account.reauthenticate({ verificationId: bobs })).rejects.toMatchObject({ reason: "PROOF_INVALID" });
  await expect(account.deleteAccount({})).rejects.toMatchObject({ reason: "RECENT_SIGN_IN_REQUIRED" });
  await account.reauthenticate({ password: fakePassword });
  await account.deleteAccount({});
});

test("an account without a password gets one once", async () => {
  fake.signIn(fake.addUser({ email: "grace@example.com", password: null }), { at: new Date(Date.now() - 11 * 60_000) });
  const { account, auth } = fake.client;
  await expect(account.setPassword({ newPassword: "Other-horse2" })).rejects.toMatchObject({
    reason: "RECENT_SIGN_IN_REQUIRED",
  });
  await account.reauthenticate({ verificationId: await proof({ email: "grace@example.com" }, Purpose.REAUTHENTICATE) });
  await account.setPassword({ newPassword: "Other-horse2" });
  await expect(account.setPassword({ newPassword: "Third-horse3" })).rejects.toMatchObject({
    reason: "INVALID_FIELDS",
  });
  await auth.signIn({ email: "grace@example.com", password: "Other-horse2" });
});

test("a contact goes to the user who proves it", async () => {
  const squatter = fake.addUser({ phone: "+821012345678" });
  fake.signIn(ada);
  await fake.client.account.changeContact({ verificationId: await proof({ phone: "+821012345678" }) });
  fake.signIn(squatter);
  expect((await fake.client.account.getProfile()).user?.phone).toBe("");
  expect(await events()).toEqual(["contact_lost"]);
});

test("a browser that signs in again has one session, and other devices keep theirs", async () => {
  fake.signInElsewhere(ada, { device: "Chrome on Windows", ip: "192.0.2.1", at: new Date(Date.UTC(2026, 0, 1)) });
  fake.signIn(ada, { at: new Date(Date.UTC(2026, 0, 2)) });
  await fake.client.auth.signIn({ email: "ada@example.com", password: fakePassword });
  const { sessions } = await fake.client.account.listSessions();
  expect(sessions.map(({ current, device, ip }) => ({ current, device, ip }))).toEqual([
    { current: true, device: "Fake", ip: "127.0.0.1" },
    { current: false, device: "Chrome on Windows", ip: "192.0.2.1" },
  ]);
});
