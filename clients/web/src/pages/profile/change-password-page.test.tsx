import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { visit } from "../../testing/visit";

const chosen = "Battery-staple2";

const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ email: "ada@example.com" }));

async function fill(user: UserEvent, current: string, next: string, again = next) {
  const fields = [
    ["Current password", current],
    ["New password", next],
    ["Repeat the new password", again],
  ] as const;
  for (const [label, text] of fields) {
    const field = await screen.findByLabelText(label);
    if (text) {
      await user.type(field, text);
    }
  }
  await user.click(screen.getByRole("button", { name: "Change password" }));
}

test("says beforehand what it ends, changes the password, and keeps this device signed in", async () => {
  const { fake, user, address } = visit("/profile/password", {
    before: (server) => {
      const ada = server.addUser({ email: "ada@example.com" });
      server.signIn(ada);
      server.signInElsewhere(ada);
    },
  });
  await screen.findByText(/Your other devices are signed out/);
  await fill(user, fakePassword, chosen);
  await waitFor(() => expect(address()).toBe("/profile"));
  await screen.findByText(/Your password was changed/);
  expect(fake.client.session.getSnapshot().status).toBe("signedIn");
  expect((await fake.client.account.listSessions()).sessions).toHaveLength(1);
  await fake.client.auth.signIn({ email: "ada@example.com", password: chosen });
});

test("a wrong current password is told below its field, and the others keep what was typed", async () => {
  const { user, address } = visit("/profile/password", { before: signedIn });
  await fill(user, "Wrong-horse1", chosen);
  await screen.findByText("This is not your current password.");
  const current = screen.getByLabelText("Current password");
  expect(current.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(current);
  expect(screen.getByLabelText<HTMLInputElement>("New password").value).toBe(chosen);
  expect(address()).toBe("/profile/password");
});

test("ticks off what a new password needs while it is typed", async () => {
  const { user } = visit("/profile/password", { before: signedIn });
  await user.type(await screen.findByLabelText("New password"), "abc1");
  const list = screen.getByRole("list", { name: "Password requirements" });
  expect(list.querySelector('[data-rule="password.digit"]')?.getAttribute("data-met")).toBe("true");
  expect(list.querySelector('[data-rule="password.upper"]')?.getAttribute("data-met")).toBe("false");
});

test.each([
  ["a weak new password", chosen, "short", "short", "New password"],
  ["a repetition that differs", fakePassword, chosen, `${chosen}x`, "Repeat the new password"],
  ["a repetition that is missing", fakePassword, chosen, "", "Repeat the new password"],
  ["the same password again", fakePassword, fakePassword, fakePassword, "New password"],
  ["no current password", "", chosen, chosen, "Current password"],
])("%s is not sent", async (_, current, next, again, wrong) => {
  const { fake, user } = visit("/profile/password", { before: signedIn });
  await fill(user, current, next, again);
  await waitFor(() => expect(screen.getByLabelText(wrong).getAttribute("aria-invalid")).toBe("true"));
  expect(fake.calls).not.toContain("changePassword");
});

test("what only the server knows of a password is told below its field", async () => {
  const { user } = visit("/profile/password", {
    before: (fake) => {
      signedIn(fake);
      fake.refuseNext("changePassword", "PASSWORD_POLICY", { violations: { newPassword: "password.common" } });
    },
  });
  await fill(user, fakePassword, chosen);
  await waitFor(() => expect(screen.getByLabelText("New password").getAttribute("aria-invalid")).toBe("true"));
});

test("too many tries are told with the time to wait", async () => {
  const { user } = visit("/profile/password", {
    before: (fake) => {
      signedIn(fake);
      fake.refuseNext("changePassword", "TOO_MANY_ATTEMPTS", { retryAfter: 120_000 });
    },
  });
  await fill(user, fakePassword, chosen);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toMatch(/2 minutes/));
});

test("who has no password finds the way to one", async () => {
  visit("/profile/password", { before: signedIn });
  expect((await screen.findByRole("link", { name: "Set a password with a code" })).getAttribute("href")).toBe(
    "/reset-password",
  );
});
