import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { visit } from "../../testing/visit";

const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada" }));

const question = async () => within(await screen.findByRole("dialog", { name: "Delete the account of ada for good?" }));

test("takes the password and a second yes, and leads out to the welcome page", async () => {
  const { fake, user, address } = visit("/profile/delete", { before: signedIn });
  await screen.findByText(/You are signed out on every device/);
  await user.type(await screen.findByLabelText("Password"), `${fakePassword}{Enter}`);
  const asked = await question();
  expect(document.activeElement).toBe(asked.getByRole("button", { name: "Cancel" }));
  expect(fake.calls).not.toContain("deleteAccount");
  await user.click(asked.getByRole("button", { name: "Delete for good" }));
  await screen.findByText(/Your account is deleted/);
  await waitFor(() => expect(address()).toBe("/"));
  expect(fake.client.session.getSnapshot().status).toBe("signedOut");
  await expect(fake.client.auth.signIn({ email: "ada@example.com", password: fakePassword })).rejects.toMatchObject({
    reason: "CREDENTIALS_INVALID",
  });
});

test("a no keeps the account", async () => {
  const { fake, user } = visit("/profile/delete", { before: signedIn });
  await user.type(await screen.findByLabelText("Password"), fakePassword);
  const button = screen.getByRole("button", { name: "Continue" });
  await user.click(button);
  await user.click((await question()).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement).toBe(button);
  expect(fake.calls).not.toContain("deleteAccount");
});

test("a wrong password is told below its field", async () => {
  const { user, address } = visit("/profile/delete", { before: signedIn });
  await user.type(await screen.findByLabelText("Password"), "Wrong-horse1{Enter}");
  await user.click((await question()).getByRole("button", { name: "Delete for good" }));
  await screen.findByText("That is not your password.");
  expect(screen.queryByRole("dialog")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Password")));
  expect(address()).toBe("/profile/delete");
});

test("no password gets no question", async () => {
  const { user } = visit("/profile/delete", { before: signedIn });
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  await screen.findByText("Please enter your password.");
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a server that is busy is told, and nothing is lost", async () => {
  const { fake, user } = visit("/profile/delete", { before: signedIn });
  fake.refuseNext("deleteAccount", "BUSY", { retryAfter: 5000 });
  await user.type(await screen.findByLabelText("Password"), `${fakePassword}{Enter}`);
  await user.click((await question()).getByRole("button", { name: "Delete for good" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).not.toBe(""));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(fake.client.session.getSnapshot().status).toBe("signedIn");
});
