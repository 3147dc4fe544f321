import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { AccountService, ContactRule } from "@latchkey-auth/client";
import type { FakeUser } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { useLocale } from "../../i18n/use-locale";
import { visit } from "../../testing/visit";

const complete: FakeUser = { nickname: "ada", phone: "+821012345678", phoneVerified: true };

function visitHome(user: FakeUser = complete, options: Parameters<typeof visit>[1] = {}) {
  return visit("/home", { ...options, before: (fake) => fake.signIn(fake.addUser({ ...complete, ...user })) });
}

test.each([
  ["trainee", "/trainee", "Hi ada, good to have you here!"],
  ["trainer", "/trainer", "Welcome back, ada"],
  ["admin", "/home", "Hello, ada"],
  ["coach", "/home", "Hello, ada"],
])("greets a %s at %s by name", async (role, home, greeting) => {
  const { address } = visitHome({ role });
  await screen.findByRole("heading", { level: 1, name: greeting });
  expect(address()).toBe(home);
});

test("speaks Korean to those who do", async () => {
  useLocale.setState({ locale: "ko" });
  visitHome({ role: "trainer" });
  await screen.findByRole("heading", { level: 1, name: "ada 트레이너님, 어서 오세요" });
});

test("leads to what is still to be proven", async () => {
  const { user, address } = visitHome({ phoneVerified: false });
  await screen.findByRole("heading", { level: 2, name: "One more thing before you start" });
  await user.click(screen.getByRole("link", { name: "Verify the mobile number" }));
  await waitFor(() => expect(address()).toBe("/profile/phone"));
});

test("asks for a number where none is given, and for an address", async () => {
  visitHome({ email: "", emailVerified: false, phone: "", phoneVerified: false });
  const phone = await screen.findByRole("link", { name: "Add a mobile number" });
  expect(phone.getAttribute("href")).toBe("/profile/phone");
  expect(screen.getByRole("link", { name: "Add an e-mail address" }).getAttribute("href")).toBe("/profile/email");
});

test("asks for nothing that this server does not want", async () => {
  visitHome({ phone: "", phoneVerified: false }, { settings: { phone: ContactRule.OFF } });
  await screen.findByRole("heading", { level: 2, name: "You are all set" });
  expect(screen.queryByText("Mobile number")).toBeNull();
});

test("counts the devices that are signed in", async () => {
  visit("/home", {
    before(fake) {
      const ada = fake.addUser(complete);
      fake.signIn(ada);
      fake.signIn(ada);
    },
  });
  await screen.findByText("You are signed in on 2 devices.");
  expect(screen.getByRole("link", { name: "View devices" }).getAttribute("href")).toBe("/devices");
});

test("shows when and where the last activity was", async () => {
  const at = timestampFromDate(new Date("2026-03-01T12:00:00Z"));
  visitHome(complete, {
    routes: (router) =>
      router.rpc(AccountService.method.listActivity, () => ({
        activity: [{ id: "act_1", event: "signed_in", at, device: "Chrome on Windows" }],
      })),
  });
  await screen.findByText("Chrome on Windows");
  expect(document.querySelector("time")?.dateTime).toBe("2026-03-01T12:00:00.000Z");
});

test("says so when a part of it cannot be had, and shows the rest", async () => {
  const { fake } = visit("/home", {
    before(server) {
      server.signIn(server.addUser(complete));
      server.refuseNext("listActivity", "INTERNAL");
    },
  });
  await screen.findByText("Something went wrong on our side. Please try again later.");
  await screen.findByText("You are signed in on this device only.");
  expect(fake.calls).toContain("listActivity");
});
