// What fields tell password managers, phones and screen readers, beside what everybody sees.
import { fakePassword } from "@latchkey-auth/client/testing";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { visit } from "../testing/visit";

const signedIn = {
  before: (fake: ReturnType<typeof visit>["fake"]) => fake.signIn(fake.addUser({ email: "ada@example.com" })),
};

describe("a new password", () => {
  test.each([
    ["/sign-up", "Password", {}],
    ["/profile/password", "New password", signedIn],
  ])("at %s tells password managers what the server asks of it", async (address, label, options) => {
    visit(address, options);
    const field = await screen.findByLabelText(label);
    await waitFor(() =>
      expect(field.getAttribute("passwordrules")).toMatch(
        /^minlength: 8; maxlength: 15; required: lower; required: upper; required: digit; required: \[-.*\];$/,
      ),
    );
    expect(field.getAttribute("autocomplete")).toBe("new-password");
  });

  test("asks no more of it than the server does", async () => {
    visit("/sign-up", {
      settings: { passwordPolicy: { name: "length", minLength: 15, maxLength: 64, maxBytes: 512 } },
    });
    const field = await screen.findByLabelText("Password");
    await waitFor(() => expect(field.getAttribute("passwordrules")).toBe("minlength: 15; maxlength: 64;"));
  });

  test("reads out what is still missing once somebody pauses, and refers to the list of it", async () => {
    const { user } = visit("/sign-up");
    const field = await screen.findByLabelText("Password");
    await user.type(field, "correct");
    const list = (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id));
    expect(list.map((text) => text?.textContent).join()).toContain("What the password needs");
    const told = await screen.findByText(/^Still missing: .*an upper-case letter.*\.$/);
    expect(told.closest("[role=status]")).not.toBeNull();
    await user.clear(field);
    await user.type(field, fakePassword);
    await screen.findByText("The password has all that it needs.");
  });
});

test("a password that exists is not proposed anew", async () => {
  visit("/profile/password", signedIn);
  const field = await screen.findByLabelText("Current password");
  expect(field.getAttribute("passwordrules")).toBeNull();
  expect(field.getAttribute("autocomplete")).toBe("current-password");
  // The nearest name is the one that managers keep it with.
  const name = document.querySelector<HTMLInputElement>("form input[autocomplete=username]");
  expect(name?.value).toBe("ada@example.com");
});

test("what a form cannot be sent without says so, and nothing else does", async () => {
  visit("/sign-up");
  await screen.findByLabelText("E-mail address");
  const required = [...document.querySelectorAll("form input[enterkeyhint]")].map((field) => [
    field.getAttribute("name"),
    field.getAttribute("aria-required"),
  ]);
  expect(Object.fromEntries(required)).toEqual({
    email: "true",
    phone: "false",
    name: "true",
    nickname: "true",
    password: "true",
    again: "true",
  });
});

test.each([
  ["/sign-in", {}],
  ["/sign-up", {}],
  ["/reset-password", {}],
  ["/profile", signedIn],
  ["/profile/password", signedIn],
  ["/profile/email", signedIn],
  ["/profile/phone", signedIn],
  ["/profile/delete", signedIn],
])("every field at %s names what Enter does there", async (address, options) => {
  visit(address, options);
  const fields = await waitFor(() => {
    const found = document.querySelectorAll(
      "form input:not([type=radio], [type=checkbox], [type=hidden], [aria-hidden])",
    );
    expect(found.length).toBeGreaterThan(0);
    return found;
  });
  for (const field of fields) {
    expect(field.getAttribute("enterkeyhint"), field.getAttribute("name") ?? "").toMatch(/^(next|go|send|done)$/);
  }
});

test("the page for signing in begins in its first field", async () => {
  visit("/sign-in");
  const field = await screen.findByLabelText("E-mail address or mobile number");
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test("a password says that Caps Lock is on, until it is off or the field is left", async () => {
  visit("/sign-in");
  const field = await screen.findByLabelText("Password");
  const press = (on: boolean) => {
    const event = new KeyboardEvent("keydown", { key: "A", bubbles: true });
    Object.defineProperty(event, "getModifierState", { value: (name: string) => on && name === "CapsLock" });
    fireEvent(field, event);
  };
  press(true);
  expect((await screen.findByText("Caps Lock is on.")).closest("[role=status]")).not.toBeNull();
  press(false);
  expect(screen.queryByText("Caps Lock is on.")).toBeNull();
  press(true);
  fireEvent.blur(field);
  expect(screen.queryByText("Caps Lock is on.")).toBeNull();
});
