// "Is it really you?" leaves the session as it is, and the page goes on afterwards.
import { createLatchkey } from "@latchkey-auth/client";
import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { useNotices } from "../notices/notices";
import { visit } from "../testing/visit";

const phone = "010-1234-5678";

const signedInLongAgo = (fake: FakeLatchkey) =>
  fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada" }), { at: new Date(Date.now() - 11 * 60_000) });

/** Proves a new number, which asks for a recent sign-in. */
async function asksAgain() {
  const visitor = visit("/profile/phone", { before: signedInLongAgo });
  const { fake, user } = visitor;
  await user.type(await screen.findByLabelText("Mobile number"), phone);
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await user.type(await screen.findByLabelText("Code"), fake.codeFor(phone));
  const dialog = within(await screen.findByRole("dialog", { name: "Is it really you?" }));
  const confirms = async () => {
    await user.type(dialog.getByLabelText("Password"), `${fakePassword}{Enter}`);
  };
  return { ...visitor, confirms };
}

test("the change is made, and the user stays signed in", async () => {
  const { fake, address, confirms } = await asksAgain();
  await confirms();
  await waitFor(() => expect(address()).toBe("/profile"));
  expect(fake.client.session.getSnapshot()).toMatchObject({ status: "signedIn", user: { phoneVerified: true } });
  expect(useNotices.getState().current).toMatchObject({ kind: "success" });
});

test("the session stays the same one, for other tabs too", async () => {
  const { fake, address, confirms } = await asksAgain();
  const otherTab = createLatchkey({ transport: fake.transport });
  const seen: string[] = [];
  const stop = otherTab.session.subscribe(({ status }) => seen.push(status));
  await otherTab.session.ready();
  const before = await otherTab.account.listSessions();
  await confirms();
  await waitFor(() => expect(address()).toBe("/profile"));
  const after = await otherTab.account.listSessions();
  expect(after.sessions.map(({ id }) => id)).toEqual(before.sessions.map(({ id }) => id));
  await otherTab.session.refetch();
  stop();
  expect(seen.filter((status) => status !== "signedIn")).toEqual([]);
});
