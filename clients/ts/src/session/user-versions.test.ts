import { expect, onTestFinished, test, vi } from "vitest";
import { slowly } from "../../test/held-answers.js";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import { createLatchkey } from "../latchkey.js";
import { createFakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";

/** A page of a user who is signed in, and whose answers can be slow. */
async function page() {
  const fake = createFakeLatchkey();
  const user = fake.addUser({ email: "ada@example.com", nickname: "ada" });
  fake.signIn(user);
  const transport = slowly(fake.transport);
  const latchkey = createLatchkey({ transport });
  await latchkey.session.ready();
  const nickname = () => latchkey.session.getSnapshot().user?.nickname;
  /** Changes the account as another device does: this page hears nothing of it. */
  const elsewhere = async (name: string) => {
    await createLatchkey({ transport: fake.transport }).account.updateProfile({ nickname: name });
  };
  return { fake, user, latchkey, nickname, elsewhere, hold: transport.hold };
}

async function proof(latchkey: Awaited<ReturnType<typeof page>>["latchkey"], code: () => string): Promise<string> {
  const phone = "+821012345678";
  const { verificationId } = await latchkey.auth.sendCode({ purpose: Purpose.CHANGE_CONTACT, phone });
  await latchkey.auth.verifyCode({ verificationId, code: code() });
  return verificationId;
}

type Page = Awaited<ReturnType<typeof page>>;

/** Every way by which the data of a user arrives. Each returns the nickname in its answer, where it has one. */
const ways: Record<string, (on: Page) => Promise<string | undefined>> = {
  getProfile: async ({ latchkey }) => (await latchkey.account.getProfile()).user?.nickname,
  getSession: async ({ latchkey }) => {
    const { session } = await latchkey.auth.getSession();
    return session.case === "user" ? session.value.nickname : undefined;
  },
  updateProfile: async ({ latchkey }) => (await latchkey.account.updateProfile({ name: "Countess" })).user?.nickname,
  changeContact: async ({ latchkey, fake }) => {
    const verificationId = await proof(latchkey, () => fake.codeFor("+821012345678"));
    return (await latchkey.account.changeContact({ verificationId })).user?.nickname;
  },
  signIn: async ({ latchkey }) =>
    (await latchkey.auth.signIn({ email: "ada@example.com", password: fakePassword })).user?.nickname,
};

test.each(Object.keys(ways))("an answer to %s that is old when it arrives changes nothing", async (method) => {
  const on = await page();
  const late = on.hold(method);
  const answer = ways[method]?.(on);
  await late.done;
  await on.latchkey.account.updateProfile({ nickname: "countess" });
  expect(on.nickname()).toBe("countess");
  late.release();
  expect(await answer).toBe("countess");
  expect(on.nickname()).toBe("countess");
});

test.each(Object.keys(ways))("an answer to %s that is new is taken over", async (method) => {
  const on = await page();
  await on.elsewhere("countess");
  expect(await ways[method]?.(on)).toBe("countess");
  expect(on.nickname()).toBe("countess");
});

test("the answer to the session's own question is not newer for being heard last", async () => {
  const on = await page();
  const late = on.hold("getSession");
  const check = on.latchkey.session.refetch();
  await late.done;
  await on.latchkey.account.updateProfile({ nickname: "countess" });
  late.release();
  await check;
  expect(on.nickname()).toBe("countess");
});

test("two changes within one millisecond keep their order", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const on = await page();
  const slow = on.hold("updateProfile");
  const first = on.latchkey.account.updateProfile({ nickname: "first" });
  await slow.done;
  await on.latchkey.account.updateProfile({ nickname: "second" });
  slow.release();
  await first;
  expect(on.nickname()).toBe("second");
});

test("an answer about an earlier user says nothing about the next one, however new it is", async () => {
  const on = await page();
  const late = on.hold("getProfile");
  const answer = on.latchkey.account.getProfile();
  await late.done;
  on.fake.addUser({ email: "bob@example.com", nickname: "bob" });
  await on.latchkey.auth.signIn({ email: "bob@example.com", password: fakePassword });
  late.release();
  await answer;
  expect(on.nickname()).toBe("bob");
});

test("an answer about another user is a reason to ask, and not to believe it", async () => {
  const on = await page();
  const bob = on.fake.addUser({ email: "bob@example.com", nickname: "bob" });
  on.fake.signIn(bob);
  const late = on.hold("getSession");
  expect((await on.latchkey.account.getProfile()).user?.nickname).toBe("bob");
  await late.done;
  expect(on.nickname()).toBe("ada");
  late.release();
  await expect.poll(on.nickname).toBe("bob");
});
