// The attributes of fields for password managers, keyboards and screen readers.
import { readFileSync } from "node:fs";
import type { FakeLatchkey } from "@latchkey-auth/client/testing";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { visit } from "../testing/visit";

const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada" }));

test.each([
  ["/sign-up", "Password", undefined],
  ["/profile/password", "New password", signedIn],
])("at %s, password managers are told what a new password needs", async (address, label, before) => {
  visit(address, before && { before });
  const field = await screen.findByLabelText(label);
  await waitFor(() =>
    expect(field.getAttribute("passwordrules")).toMatch(
      /^minlength: 8; maxlength: 15; required: lower; required: upper; required: digit; required: \[.+\];$/,
    ),
  );
  expect(field.getAttribute("autocomplete")).toBe("new-password");
});

test.each([
  ["/sign-in", "E-mail address or mobile number", "username", undefined],
  ["/sign-in", "Password", "current-password", undefined],
  ["/sign-up", "E-mail address", "email", undefined],
  ["/sign-up", "Mobile number (optional)", "tel", undefined],
  ["/profile/password", "Current password", "current-password", signedIn],
])("at %s, %s is called %s", async (address, label, autocomplete, before) => {
  visit(address, before && { before });
  expect((await screen.findByLabelText(label)).getAttribute("autocomplete")).toContain(autocomplete);
});

test.each([["/profile/password", signedIn]])(
  "at %s, password managers are told whose password it is",
  async (address, before) => {
    visit(address, { before });
    await screen.findByRole("heading", { level: 1 });
    await waitFor(() =>
      expect(document.querySelector<HTMLInputElement>("input[autocomplete=username]")?.value).toBe("ada@example.com"),
    );
  },
);

test("password managers are asked for no more than the server requires", async () => {
  visit("/sign-up", {
    settings: { passwordPolicy: { name: "length", minLength: 15, maxLength: 64, maxBytes: 512 } },
  });
  const field = await screen.findByLabelText("Password");
  await waitFor(() => expect(field.getAttribute("passwordrules")).toBe("minlength: 15; maxlength: 64;"));
});

test.each([
  ["/sign-in", undefined],
  ["/sign-up", undefined],
  ["/reset-password", undefined],
  ["/profile", signedIn],
  ["/profile/password", signedIn],
  ["/profile/email", signedIn],
  ["/profile/phone", signedIn],
])("at %s, fields say whether they are required, and what Enter does", async (address, before) => {
  visit(address, before && { before });
  await waitFor(() => expect(document.querySelector("form input")).not.toBeNull());
  // The hidden username field for password managers is left out.
  const inputs = document.querySelectorAll(
    "form input:is([type=text], [type=password], [type=tel]):not([aria-hidden])",
  );
  for (const input of inputs) {
    const label = input.closest("div")?.parentElement?.textContent ?? "";
    expect(input.getAttribute("aria-required"), label).toBe(
      String(!/optional/.test(document.querySelector(`label[for="${input.id}"]`)?.textContent ?? "")),
    );
    expect(input.getAttribute("enterkeyhint"), label).toMatch(/^(next|go|send|done)$/);
  }
});

test("the first field of the sign-in page has the focus", async () => {
  visit("/sign-in");
  await waitFor(async () =>
    expect(document.activeElement).toBe(await screen.findByLabelText("E-mail address or mobile number")),
  );
});

test("Caps Lock is shown while a password is typed, and not afterwards", async () => {
  visit("/sign-in");
  const field = await screen.findByLabelText("Password");
  const on = new KeyboardEvent("keydown", { key: "A", bubbles: true });
  Object.defineProperty(on, "getModifierState", { value: (key: string) => key === "CapsLock" });
  fireEvent(field, on);
  const hint = await screen.findByText("Caps Lock is on.");
  expect(hint.closest("[role=status]")).not.toBeNull();
  fireEvent.blur(field);
  await waitFor(() => expect(screen.queryByText("Caps Lock is on.")).toBeNull());
});

test("missing password requirements are announced after a pause, and describe the field", async () => {
  const { user } = visit("/sign-up");
  const field = await screen.findByLabelText("Password");
  await user.type(field, "vexqmrt");
  const missing = await screen.findByText(/^Still missing: /, {}, { timeout: 5_000 });
  expect(missing.getAttribute("role")).toBe("status");
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id));
  expect(described.some((element) => element && within(element).queryByText("a digit"))).toBe(true);
  await user.clear(field);
  await user.type(field, "Vexqmrt-1");
  await screen.findByText("The password meets all requirements.", {}, { timeout: 5_000 });
});

describe("the end of a code", () => {
  test("is read out a minute before, and when it has come", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { user } = visit("/sign-up");
      await user.type(await screen.findByLabelText("E-mail address"), "ada@example.com{Enter}");
      await screen.findByLabelText("Code");
      await vi.advanceTimersByTimeAsync(9 * 60_000 + 5_000);
      const soon = await screen.findByText("The code expires in one minute.");
      expect(soon.getAttribute("role")).toBe("status");
      await vi.advanceTimersByTimeAsync(60_000);
      expect((await screen.findAllByText("The code has expired. Please request a new one.")).length).toBeGreaterThan(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

test("Edge shows no eye of its own beside ours", () => {
  expect(readFileSync("src/index.css", "utf8")).toMatch(/::-ms-reveal \{\s*display: none;/);
});
