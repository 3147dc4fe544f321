// A right code is never lost: not with the answer to it, and not when the step after it fails.
import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { askForCode, below, label, prove } from "../testing/sign-up-steps";
import { type Visit, visit } from "../testing/visit";

const email = "ada@example.com";
const anHourAgo = new Date(Date.now() - 3_600_000);
const codesSent = ({ fake }: Visit) => fake.calls.filter((call) => call === "sendCode").length;

test("a code whose answer was lost stays in its field, and can be sent again as it is", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, email);
  const code = screen.getByLabelText<HTMLInputElement>(label.code);
  page.fake.dropNextResponse("verifyCode");
  await page.user.type(code, page.fake.codeFor(email));
  await waitFor(() => expect(below(code)).toContain("There is no connection."));
  expect(code.value).toBe(page.fake.codeFor(email));
  await page.user.click(screen.getByRole("button", { name: "Confirm" }));
  await screen.findByText("Verified");
  expect(codesSent(page)).toBe(1);
});

async function openDialog(): Promise<Visit> {
  const page = visit("/profile/email", {
    before: (fake) => fake.signIn(fake.addUser({ email }), { at: anHourAgo }),
  });
  await prove(page, label.email, "countess@example.com");
  await screen.findByRole("dialog", { name: "Is it really you?" });
  return page;
}

const dialog = () => within(screen.getByRole("dialog", { name: "Is it really you?" }));

test("the dialog keeps the proof of its code when the last step fails, and says why", async () => {
  const page = await openDialog();
  await page.user.click(dialog().getByRole("button", { name: "Use a code instead" }));
  page.fake.refuseNext("reauthenticate", "DEPENDENCY_DOWN");
  await page.user.type(await dialog().findByLabelText(label.code), page.fake.codeFor(email));
  await dialog().findByText(/The service is unavailable/);
  await page.user.click(dialog().getByRole("button", { name: "Continue" }));
  await waitFor(() => expect(page.address()).toBe("/profile"));
  expect(codesSent(page)).toBe(2);
});

test("the page that changes a contact keeps its proof when the change fails", async () => {
  const page = visit("/profile/email", { before: (fake) => fake.signIn(fake.addUser({ email })) });
  page.fake.dropNextResponse("getSettings");
  page.fake.refuseNext("changeContact", "BUSY");
  await prove(page, label.email, "countess@example.com");
  await screen.findByText("Verified");
  await page.user.click(await screen.findByRole("button", { name: "Save" }));
  await waitFor(() => expect(page.address()).toBe("/profile"));
  expect(codesSent(page)).toBe(1);
});

test("a proof that was refused for good gives the password back its turn", async () => {
  const page = await openDialog();
  await page.user.click(dialog().getByRole("button", { name: "Use a code instead" }));
  page.fake.refuseNext("reauthenticate", "PROOF_INVALID");
  await page.user.type(await dialog().findByLabelText(label.code), page.fake.codeFor(email));
  await dialog().findByText(/The verification has expired/);
  await page.user.type(dialog().getByLabelText(label.password), `${fakePassword}{Enter}`);
  await waitFor(() => expect(page.address()).toBe("/profile"));
});

test("a proof that expires during the rest of the form shows an error at its contact, which can be proven again", async () => {
  const page = visit("/sign-up");
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    await prove(page, label.email, email);
    await screen.findByText("Verified");
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    const field = screen.getByLabelText<HTMLInputElement>(label.email);
    await waitFor(() => expect(below(field)).toContain("The verification has expired."));
    expect(field.readOnly).toBe(false);
    expect(field.value).toBe(email);
    screen.getByRole("button", { name: "Send code" });
  } finally {
    vi.useRealTimers();
  }
});

test("a proof that ends before the new password was chosen leads back to the code", async () => {
  const page = visit("/reset-password", { before: (fake) => fake.addUser({ email }) });
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    await page.user.type(await screen.findByLabelText("E-mail address or mobile number"), `${email}{Enter}`);
    await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor(email));
    await screen.findByLabelText("New password");
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    await screen.findByRole("heading", { name: "Reset your password" });
    await screen.findByText(/The verification has expired/);
  } finally {
    vi.useRealTimers();
  }
});
