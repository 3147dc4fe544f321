import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { arriveAsTrainer, below, fillIn, label, prove, submit } from "../../testing/sign-up-steps";
import { visit } from "../../testing/visit";

test("ticks off what the password needs while it is typed, and says what is missing", async () => {
  const page = visit("/sign-up");
  const password = await screen.findByLabelText(label.password);
  const met = () => [...document.querySelectorAll('[data-met="true"]')].map((rule) => rule.getAttribute("data-rule"));
  await page.user.type(password, "weak");
  await waitFor(() => expect(met()).toEqual(["password.max_length", "password.letter"]));
  await waitFor(() => expect(below(password)).not.toBe(""));
  await page.user.type(password, "-Passw0rd");
  await waitFor(() => expect(met()).toHaveLength(6));
  await waitFor(() => expect(below(password)).toBe(""));
});

test("says that the repetition differs, until either of the two is mended", async () => {
  const page = visit("/sign-up");
  const password = await screen.findByLabelText(label.password);
  const again = screen.getByLabelText(label.again);
  await page.user.type(password, "Correct-horse1");
  expect(below(again)).toBe("");
  await page.user.type(again, "Correct-horse");
  await waitFor(() => expect(below(again)).toBe("The passwords do not match."));
  await page.user.type(password, "{Backspace}");
  await waitFor(() => expect(below(again)).toBe(""));
});

test("asks for the repetition when the form is sent", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, "ada@example.com");
  await fillIn(page);
  await page.user.clear(screen.getByLabelText(label.again));
  await submit(page);
  await waitFor(() => expect(below(screen.getByLabelText(label.again))).toBe("This field is required."));
  expect(page.fake.calls).not.toContain("signUp");
});

test("shows on blur whether a nickname is available, without blocking the user", async () => {
  const page = visit("/sign-up", { before: (fake) => fake.addUser({ nickname: "Ada", email: "old@example.com" }) });
  await prove(page, label.email, "ada@example.com");
  await fillIn(page);
  const nickname = screen.getByLabelText(label.nickname);
  await waitFor(() => expect(below(nickname)).toContain("This nickname is taken. Please choose another one."));
  await submit(page);
  await waitFor(() => expect(page.fake.calls).toContain("signUp"));
  await waitFor(() => expect(below(nickname)).toContain("This nickname is taken."));
  expect(document.activeElement).toBe(nickname);
  await page.user.type(nickname, "_lovelace");
  await page.user.tab();
  await waitFor(() => expect(below(nickname)).toContain("This nickname is available."));
  await submit(page);
  await arriveAsTrainer(page);
});

test("looks up no nickname that cannot be one", async () => {
  const page = visit("/sign-up");
  await page.user.type(await screen.findByLabelText(label.nickname), "a");
  await page.user.tab();
  await waitFor(() => expect(below(screen.getByLabelText(label.nickname))).toContain("at least 2"));
  expect(page.fake.calls).not.toContain("checkAvailability");
});

test("lets password managers know which field is which", async () => {
  visit("/sign-up");
  const fields = {
    [label.email]: "email",
    "Mobile number (optional)": "tel",
    [label.name]: "name",
    [label.nickname]: "nickname",
    [label.password]: "new-password",
    [label.again]: "new-password",
  };
  for (const [field, autocomplete] of Object.entries(fields)) {
    expect((await screen.findByLabelText(field)).getAttribute("autocomplete")).toBe(autocomplete);
  }
});
