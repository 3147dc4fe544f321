import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Visit, visit } from "../../testing/visit";

const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada" }));

const signedInLongAgo = (password: string | null) => (fake: FakeLatchkey) =>
  fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada", password }), {
    at: new Date(Date.now() - 11 * 60_000),
  });

const question = async () =>
  within(await screen.findByRole("dialog", { name: "Delete the account of ada permanently?" }));
const proof = async () => within(await screen.findByRole("dialog", { name: "Is it really you?" }));

async function deletes({ user }: Visit) {
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  await user.click((await question()).getByRole("button", { name: "Delete permanently" }));
}

async function isGone({ fake, address }: Visit) {
  await screen.findByText(/Your account was deleted/);
  await waitFor(() => expect(address()).toBe("/"));
  expect(fake.client.session.getSnapshot().status).toBe("signedOut");
}

test("takes a second yes, and leads out to the welcome page", async () => {
  const page = visit("/profile/delete", { before: signedIn });
  await screen.findByText(/You are signed out on all devices/);
  await page.user.click(await screen.findByRole("button", { name: "Continue" }));
  const asked = await question();
  expect(document.activeElement).toBe(asked.getByRole("button", { name: "Cancel" }));
  expect(page.fake.calls).not.toContain("deleteAccount");
  await page.user.click(asked.getByRole("button", { name: "Delete permanently" }));
  await isGone(page);
  await expect(
    page.fake.client.auth.signIn({ email: "ada@example.com", password: fakePassword }),
  ).rejects.toMatchObject({ reason: "CREDENTIALS_INVALID" });
});

test("a no keeps the account", async () => {
  const { fake, user } = visit("/profile/delete", { before: signedIn });
  const button = await screen.findByRole("button", { name: "Continue" });
  await user.click(button);
  await user.click((await question()).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement).toBe(button);
  expect(fake.calls).not.toContain("deleteAccount");
});

test("a while after signing in it takes the password", async () => {
  const page = visit("/profile/delete", { before: signedInLongAgo(fakePassword) });
  await deletes(page);
  const dialog = await proof();
  await page.user.type(dialog.getByLabelText("Password"), "Wrong-horse1{Enter}");
  await dialog.findByText("This is not your password.");
  await page.user.clear(dialog.getByLabelText("Password"));
  await page.user.type(dialog.getByLabelText("Password"), `${fakePassword}{Enter}`);
  await isGone(page);
});

test("an account without a password is deleted by a code", async () => {
  const page = visit("/profile/delete", { before: signedInLongAgo(null) });
  await deletes(page);
  const dialog = await proof();
  await page.user.click(dialog.getByRole("button", { name: "Use a code instead" }));
  await page.user.type(await dialog.findByLabelText("Code"), page.fake.codeFor("ada@example.com"));
  await isGone(page);
});

test("who would rather not prove who they are keeps the account", async () => {
  const page = visit("/profile/delete", { before: signedInLongAgo(fakePassword) });
  await deletes(page);
  await page.user.click((await proof()).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(page.address()).toBe("/profile/delete");
  expect(page.fake.client.session.getSnapshot().status).toBe("signedIn");
});

test("a server that is busy is told, and nothing is lost", async () => {
  const page = visit("/profile/delete", { before: signedIn });
  page.fake.refuseNext("deleteAccount", "BUSY", { retryAfter: 5000 });
  await deletes(page);
  await waitFor(() => expect(screen.getByRole("alert").textContent).not.toBe(""));
  expect(screen.queryByRole("dialog")).toBeNull();
  await deletes(page);
  await isGone(page);
});
