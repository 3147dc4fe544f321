import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { visit } from "../../testing/visit";

const identifierField = () => screen.findByLabelText<HTMLInputElement>("E-mail address or mobile number");
const passwordField = () => screen.getByLabelText<HTMLInputElement>("Password");
const submit = () => screen.getByRole("button", { name: "Sign in" });
const alert = () => within(screen.getByRole("alert"));

function visitSignIn(address = "/sign-in", options: Parameters<typeof visit>[1] = {}) {
  return visit(address, {
    ...options,
    before(fake) {
      fake.addUser({ email: "ada@example.com", phone: "+821012345678", phoneVerified: true });
      options.before?.(fake);
    },
  });
}

test("signs in by e-mail address, and goes where one wanted to go", async () => {
  const { fake, user, address } = visitSignIn("/activity?page=2");
  await user.type(await identifierField(), "ada@example.com");
  expect(address()).toBe("/sign-in?to=%2Factivity%3Fpage%3D2");
  await user.type(passwordField(), fakePassword);
  await user.click(submit());
  await waitFor(() => expect(address()).toBe("/activity?page=2"));
  expect(fake.client.session.getSnapshot().status).toBe("signedIn");
});

test("signs in by phone number, in the same field, with the enter key", async () => {
  const { user, address } = visitSignIn();
  await user.type(await identifierField(), "01012345678");
  expect(await identifierField()).toHaveProperty("value", "01012345678");
  await user.tab();
  expect(await identifierField()).toHaveProperty("value", "010-1234-5678");
  await user.type(passwordField(), `${fakePassword}{Enter}`);
  await waitFor(() => expect(address()).toBe("/trainee"));
});

test("password managers know both fields", async () => {
  visitSignIn();
  expect((await identifierField()).autocomplete).toBe("username");
  expect(passwordField().autocomplete).toBe("current-password");
});

test("a wrong password is cleared and can be typed again at once; what was wrong is not told", async () => {
  const { user, address } = visitSignIn();
  await user.type(await identifierField(), "ada@example.com");
  await user.type(passwordField(), "Wrong-horse1{Enter}");
  await alert().findByText(/password is wrong/);
  const unknownPassword = alert().getByText(/password is wrong/).textContent;
  expect(passwordField().value).toBe("");
  expect(document.activeElement).toBe(passwordField());
  expect((await identifierField()).value).toBe("ada@example.com");
  expect(passwordField().getAttribute("aria-invalid")).toBeNull();

  await user.clear(await identifierField());
  await user.type(await identifierField(), "nobody@example.com");
  await user.type(passwordField(), "Wrong-horse1{Enter}");
  await waitFor(() => expect(document.activeElement).toBe(passwordField()));
  expect(alert().getByText(/password is wrong/).textContent).toBe(unknownPassword);
  expect(address()).toBe("/sign-in");
});

test("an error disappears once the user is signed in", async () => {
  const { user, address } = visitSignIn();
  await user.type(await identifierField(), "ada@example.com");
  await user.type(passwordField(), "Wrong-horse1{Enter}");
  await alert().findByText(/password is wrong/);
  await user.type(passwordField(), `${fakePassword}{Enter}`);
  await waitFor(() => expect(address()).toBe("/trainee"));
  expect(screen.getByRole("alert").textContent).toBe("");
});

test("says how long to wait after too many attempts, and keeps what was typed", async () => {
  const { fake, user } = visitSignIn();
  fake.refuseNext("signIn", "TOO_MANY_ATTEMPTS", { retryAfter: 90_000 });
  await user.type(await identifierField(), "ada@example.com");
  await user.type(passwordField(), `${fakePassword}{Enter}`);
  await alert().findByText(/Too many attempts\. Please try again in 2 minutes\./);
  expect(passwordField().value).toBe(fakePassword);
});

test.each([
  ["ACCOUNT_DISABLED", /disabled\. Please contact an administrator/],
  ["BUSY", /try again/],
  ["INTERNAL", /try again later/],
] as const)("says what to do when it is refused with %s", async (reason, sentence) => {
  const { fake, user, address } = visitSignIn();
  fake.refuseNext("signIn", reason);
  await user.type(await identifierField(), "ada@example.com");
  await user.type(passwordField(), `${fakePassword}{Enter}`);
  await alert().findByText(sentence);
  expect(address()).toBe("/sign-in");
});

test("says what is missing before anything is sent", async () => {
  const { fake, user } = visitSignIn();
  await identifierField();
  await user.click(submit());
  await waitFor(async () => expect((await identifierField()).getAttribute("aria-invalid")).toBe("true"));
  expect(document.activeElement).toBe(await identifierField());
  expect(fake.calls).not.toContain("signIn");
});

test("signs in with a code, with the address that was typed already", async () => {
  const { fake, user, address } = visitSignIn("/sign-in?to=%2Fdevices");
  await user.type(await identifierField(), "ada@example.com");
  await user.click(screen.getByRole("button", { name: "Use a code instead" }));
  const send = await screen.findByRole("button", { name: "Send code" });
  expect((await identifierField()).value).toBe("ada@example.com");
  expect(document.activeElement).toBe(await identifierField());
  await user.click(send);
  const code = await screen.findByLabelText("Code");
  expect(screen.getByText("If ada@example.com belongs to an account, we sent a code there.")).toBeTruthy();
  expect((await identifierField()).readOnly).toBe(true);

  await user.type(code, "000000");
  await screen.findByText("The code is wrong. 4 attempts left.");
  await user.type(code, fake.codeFor("ada@example.com"));
  await waitFor(() => expect(address()).toBe("/devices"));
});

test("goes back to the password with the address, ready to be typed", async () => {
  const { user } = visitSignIn();
  await user.click(await screen.findByRole("button", { name: "Use a code instead" }));
  await screen.findByRole("button", { name: "Send code" });
  await user.type(await identifierField(), "01012345678");
  await user.click(screen.getByRole("button", { name: "Use your password instead" }));
  await waitFor(() => expect(document.activeElement).toBe(passwordField()));
  expect((await identifierField()).value).toBe("010-1234-5678");
});

test("the address of a code can be changed", async () => {
  const { fake, user, address } = visitSignIn();
  await user.click(await screen.findByRole("button", { name: "Use a code instead" }));
  await screen.findByRole("button", { name: "Send code" });
  await user.type(await identifierField(), "adda@example.com{Enter}");
  await screen.findByLabelText("Code");
  await user.click(screen.getByRole("button", { name: "Change" }));
  await waitFor(async () => expect(document.activeElement).toBe(await identifierField()));
  expect(screen.queryByLabelText("Code")).toBeNull();
  await user.clear(await identifierField());
  await user.type(await identifierField(), "ada@example.com{Enter}");
  await user.type(await screen.findByLabelText("Code"), fake.codeFor("ada@example.com"));
  await waitFor(() => expect(address()).toBe("/trainee"));
});

test("a right code is not asked for again when the connection breaks off after it", async () => {
  const { fake, user, address } = visitSignIn();
  await user.click(await screen.findByRole("button", { name: "Use a code instead" }));
  await screen.findByRole("button", { name: "Send code" });
  await user.type(await identifierField(), "ada@example.com{Enter}");
  fake.refuseNext("signInWithCode", "DEPENDENCY_DOWN");
  await user.type(await screen.findByLabelText("Code"), fake.codeFor("ada@example.com"));
  await alert().findByText(/try again/);
  await user.click(await screen.findByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(address()).toBe("/trainee"));
});

test("a disabled account is told so after the code, and another address can be given", async () => {
  const { fake, user } = visitSignIn();
  await user.click(await screen.findByRole("button", { name: "Use a code instead" }));
  await screen.findByRole("button", { name: "Send code" });
  await user.type(await identifierField(), "ada@example.com{Enter}");
  fake.refuseNext("signInWithCode", "ACCOUNT_DISABLED");
  await user.type(await screen.findByLabelText("Code"), fake.codeFor("ada@example.com"));
  await alert().findByText(/disabled/);
  await screen.findByRole("button", { name: "Send code" });
  expect((await identifierField()).readOnly).toBe(false);
});

test("the ways to other pages remember where one wanted to go, and what was typed", async () => {
  const { user, address } = visitSignIn("/sign-in?to=%2Fprofile");
  await user.type(await identifierField(), "ada@example.com");
  const target = (name: string) => screen.getByRole("link", { name }).getAttribute("href");
  expect(target("Create an account")).toBe("/sign-up?to=%2Fprofile");
  await user.click(screen.getByRole("link", { name: "Forgot your password?" }));
  await screen.findByRole("heading", { name: "Reset your password" });
  expect(address()).toBe("/reset-password?to=%2Fprofile");
  expect((await identifierField()).value).toBe("ada@example.com");
});
