import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { useNotices } from "../../notices/notices";
import { visit } from "../../testing/visit";

const identifierField = () => screen.findByLabelText<HTMLInputElement>("E-mail address or mobile number");
const newPassword = () => screen.findByLabelText<HTMLInputElement>("New password");
const again = () => screen.getByLabelText<HTMLInputElement>("Repeat the new password");
const notice = (role: "status" | "alert") => within(screen.getAllByRole(role)[0] as HTMLElement);
const other = "Better-horse2";

async function prove(user: UserEvent, code: () => string) {
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await user.type(await screen.findByLabelText("Code"), code());
}

test("sets a new password with a code, and signs in with it where one wanted to go", async () => {
  const { fake, user, address } = visit("/reset-password?to=%2Fdevices", {
    before: (server) => server.addUser({ email: "ada@example.com" }),
  });
  await user.type(await identifierField(), "ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  await screen.findByRole("heading", { name: "Choose a new password" });
  await user.type(await newPassword(), other);
  await user.type(again(), `${other}{Enter}`);

  await notice("status").findByText(/Your new password is set\. Please sign in with it\./);
  await waitFor(() => expect(address()).toBe("/sign-in?to=%2Fdevices"));
  expect((await identifierField()).value).toBe("ada@example.com");
  const password = screen.getByLabelText("Password");
  await waitFor(() => expect(document.activeElement).toBe(password));
  await user.type(password, `${other}{Enter}`);
  await waitFor(() => expect(address()).toBe("/devices"));
});

test("who has no account is told the same as who has one", async () => {
  const { user } = visit("/reset-password");
  await user.type(await identifierField(), "nobody@example.com{Enter}");
  await screen.findByText("If nobody@example.com belongs to an account, we sent a code there.");
  expect(screen.getByLabelText("Code")).toBeTruthy();
});

test("password managers learn whose password it is", async () => {
  const { fake, user } = visit("/reset-password", { before: (server) => server.addUser({ email: "ada@example.com" }) });
  await user.type(await identifierField(), "ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  const field = await newPassword();
  expect(document.activeElement).toBe(field);
  expect(field.autocomplete).toBe("new-password");
  expect(again().autocomplete).toBe("new-password");
  const name = field.form?.querySelector<HTMLInputElement>("[autocomplete=username]");
  expect(name?.value).toBe("ada@example.com");
  expect(name?.tabIndex).toBe(-1);
});

test("the rules tick while one types, and both passwords have to be the same", async () => {
  const { fake, user } = visit("/reset-password", { before: (server) => server.addUser({ email: "ada@example.com" }) });
  await user.type(await identifierField(), "ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  const met = () =>
    [...document.querySelectorAll("[data-rule]")].filter((rule) => rule.getAttribute("data-met") === "true").length;
  await user.type(await newPassword(), "abc");
  const few = met();
  await user.type(await newPassword(), "DEF-123");
  expect(met()).toBeGreaterThan(few);

  await user.click(screen.getByRole("button", { name: "Set new password" }));
  await screen.findByText("Repeat the new password.");
  await user.type(again(), "abcDEF-124");
  await screen.findByText("The passwords do not match.");
  await user.type(again(), "{Backspace}3");
  await waitFor(() => expect(screen.queryByText("The passwords do not match.")).toBeNull());
  expect(fake.calls).not.toContain("resetPassword");
});

test("the repetition is compared again when the first one changes", async () => {
  const { fake, user } = visit("/reset-password", { before: (server) => server.addUser({ email: "ada@example.com" }) });
  await user.type(await identifierField(), "ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  await user.type(await newPassword(), other);
  expect(screen.queryByText("The passwords do not match.")).toBeNull();
  await user.type(again(), other);
  await user.type(await newPassword(), "3");
  await screen.findByText("The passwords do not match.");
});

test("a password that only the server can refuse is refused below its field", async () => {
  const { fake, user } = visit("/reset-password", { before: (server) => server.addUser({ email: "ada@example.com" }) });
  await user.type(await identifierField(), "ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  fake.refuseNext("resetPassword", "PASSWORD_POLICY", { violations: { newPassword: "password.common" } });
  await user.type(await newPassword(), other);
  await user.type(again(), `${other}{Enter}`);
  await screen.findByText("This password is too easy to guess.");
  expect(document.activeElement).toBe(await newPassword());
});

test("a proof that is too old leads back to the code, with a sentence", async () => {
  const { fake, user, address } = visit("/reset-password", {
    before: (server) => server.addUser({ email: "ada@example.com" }),
  });
  await user.type(await identifierField(), "ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  fake.refuseNext("resetPassword", "PROOF_INVALID");
  await user.type(await newPassword(), other);
  await user.type(again(), `${other}{Enter}`);
  await notice("alert").findByText(/The verification has expired\. Please request a new code\./);
  await screen.findByRole("heading", { name: "Reset your password" });
  expect((await identifierField()).value).toBe("ada@example.com");

  await prove(user, () => fake.codeFor("ada@example.com"));
  await user.type(await newPassword(), other);
  await user.type(again(), `${other}{Enter}`);
  await waitFor(() => expect(address()).toBe("/sign-in"));
});

test("a signed-in user is signed out afterwards, without an error", async () => {
  const { fake, user, address } = visit("/reset-password", {
    before: (server) => server.signIn(server.addUser({ email: "ada@example.com" })),
  });
  const said: (string | undefined)[] = [];
  const stop = useNotices.subscribe(({ current }) => said.push(current?.text));
  expect((await identifierField()).value).toBe("ada@example.com");
  await prove(user, () => fake.codeFor("ada@example.com"));
  await user.type(await newPassword(), other);
  await user.type(again(), `${other}{Enter}`);
  await waitFor(() => expect(address()).toBe("/sign-in"));
  await notice("status").findByText(/Your new password is set/);
  stop();
  expect(said).toEqual(["Your new password is set. Please sign in with it."]);
  expect(fake.client.session.getSnapshot().status).toBe("signedOut");
});

test("a user who resets the password of another account stays signed in", async () => {
  const { fake, user, address } = visit("/reset-password", {
    before(server) {
      server.addUser({ email: "grace@example.com" });
      server.signIn(server.addUser({ email: "ada@example.com" }));
    },
  });
  await user.clear(await identifierField());
  await user.type(await identifierField(), "grace@example.com");
  await prove(user, () => fake.codeFor("grace@example.com"));
  await user.type(await newPassword(), other);
  await user.type(again(), `${other}{Enter}`);
  await waitFor(() => expect(address()).toBe("/trainee"));
  await expect(fake.client.auth.signIn({ email: "grace@example.com", password: fakePassword })).rejects.toMatchObject({
    reason: "CREDENTIALS_INVALID",
  });
});

test("the way back to signing in remembers where one wanted to go", async () => {
  visit("/reset-password?to=%2Fprofile");
  const back = await screen.findByRole("link", { name: "Back to sign-in" });
  expect(back.getAttribute("href")).toBe("/sign-in?to=%2Fprofile");
});
