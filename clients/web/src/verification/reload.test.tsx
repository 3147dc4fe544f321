// A page that is loaded again, as phones do with a page that was left for a message: what was sent and proven is still there.

import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { blockedStorage, replaceSessionStorage } from "../testing/replace-storage";
import { arriveAsTrainer, askForCode, fillIn, label, prove, submit } from "../testing/sign-up-steps";
import { type Visit, visit } from "../testing/visit";

const email = "ada@example.com";
const kept = () => sessionStorage.getItem("latchkey.codes");

afterEach(() => vi.restoreAllMocks());

const identifier = () => screen.findByLabelText<HTMLInputElement>("E-mail address or mobile number");

async function askBySignIn({ user }: Visit) {
  await user.click(await screen.findByRole("button", { name: "Use a code instead" }));
  await screen.findByRole("button", { name: "Send code" });
  await user.type(await identifier(), `${email}{Enter}`);
  await screen.findByLabelText(label.code);
}

const withAda = { before: (fake: Visit["fake"]) => fake.addUser({ email }) };

test("a sign-up waits for the code that was sent before, and for no other", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, email);
  page.reload();
  const field = await screen.findByLabelText<HTMLInputElement>(label.email);
  expect(field.value).toBe(email);
  expect(field.readOnly).toBe(true);
  expect(screen.getByRole("timer").textContent).toMatch(/(10:00|9:5\d)$/);
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor(email));
  await screen.findByText("Verified");
  expect(page.fake.calls.filter((call) => call === "sendCode")).toHaveLength(1);
});

test("a contact that was proven stays so, and what was kept is gone once it was used", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, email);
  page.reload();
  await screen.findByText("Verified");
  await fillIn(page);
  await submit(page);
  await waitFor(() => expect(page.address()).toMatch(/^\/(home|trainer)$/));
  await waitFor(() => expect(kept()).toBeNull());
});

test("a sign-in goes on with its code, without the way to it", async () => {
  const page = visit("/sign-in", withAda);
  await askBySignIn(page);
  page.reload();
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor(email));
  await waitFor(() => expect(page.address()).toBe("/trainee"));
  await waitFor(() => expect(kept()).toBeNull());
});

test("a sign-in whose last step has failed goes on with it", async () => {
  const page = visit("/sign-in", withAda);
  await askBySignIn(page);
  page.fake.refuseNext("signInWithCode", "DEPENDENCY_DOWN");
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor(email));
  await screen.findByText("Your code is confirmed. One more step.");
  page.reload();
  await page.user.click(await screen.findByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(page.address()).toBe("/trainee"));
});

test("a reset goes on with the new password", async () => {
  const page = visit("/reset-password", withAda);
  await page.user.type(await identifier(), `${email}{Enter}`);
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor(email));
  await screen.findByLabelText("New password");
  page.reload();
  await page.user.type(await screen.findByLabelText("New password"), "Quicker-fox2");
  await page.user.type(screen.getByLabelText("Repeat the new password"), "Quicker-fox2{Enter}");
  await waitFor(() => expect(page.address()).toBe("/sign-in"));
  expect((await identifier()).value).toBe(email);
  expect(kept()).toBeNull();
});

test("a change of the address goes on with the code, and with its proof", async () => {
  const page = visit("/profile/email", {
    before: (fake) => fake.signIn(fake.addUser({ email }), { at: new Date(Date.now() - 3_600_000) }),
  });
  await askForCode(page, label.email, "countess@example.com");
  page.reload();
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor("countess@example.com"));
  await screen.findByRole("dialog", { name: "Is it really you?" });
  page.reload();
  await screen.findByText("Verified");
  await page.user.click(await screen.findByRole("button", { name: "Save" }));
  await page.user.type(await screen.findByLabelText(label.password), `${fakePassword}{Enter}`);
  await waitFor(() => expect(page.address()).toBe("/profile"));
  await screen.findByText("countess@example.com");
  expect(kept()).toBeNull();
});

test("a code that has expired is dropped", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, email);
  const later = Date.now() + 601_000;
  vi.spyOn(Date, "now").mockImplementation(() => later);
  page.reload();
  expect((await screen.findByLabelText<HTMLInputElement>(label.email)).readOnly).toBe(false);
  expect(screen.queryByLabelText(label.code)).toBeNull();
});

test("another user is not shown a code, neither after signing in nor after signing out", async () => {
  const page = visit("/sign-up", { before: (fake) => fake.addUser({ email: "grace@example.com" }) });
  await askForCode(page, label.email, email);
  await page.user.click(screen.getByRole("link", { name: "Sign in" }));
  await page.user.type(await identifier(), "grace@example.com");
  await page.user.type(screen.getByLabelText(label.password), `${fakePassword}{Enter}`);
  await waitFor(() => expect(page.address()).toBe("/trainee"));
  await waitFor(() => expect(kept()).toBeNull());

  await page.user.click(screen.getByRole("link", { name: "Profile" }));
  await page.user.click(await screen.findByRole("link", { name: "Change e-mail address" }));
  await askForCode(page, label.email, "countess@example.com");
  expect(kept()).toContain("countess@example.com");
  await page.user.click(screen.getByRole("button", { name: "Sign out" }));
  await screen.findByRole("heading", { name: "Sign in" });
  await waitFor(() => expect(kept()).toBeNull());
});

test.each([
  ["refuses to keep anything", blockedStorage],
  [
    "holds something else there",
    { getItem: () => '{"sign-up email":{"code":{}}}', setItem: () => undefined, removeItem: () => undefined },
  ],
])("a browser that %s loses nothing before the page is loaded again", async (_, storage) => {
  replaceSessionStorage(storage);
  const page = visit("/sign-up");
  await prove(page, label.email, email);
  await fillIn(page);
  await submit(page);
  await arriveAsTrainer(page);
});
