import type { FakeLatchkey } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { visit } from "../../testing/visit";

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

function signedIn(fake: FakeLatchkey) {
  const ada = fake.addUser({ email: "ada@example.com" });
  fake.signIn(ada);
  return ada;
}

test("lists what happened and where, newest first", async () => {
  visit("/activity", {
    before: (fake) => {
      const ada = signedIn(fake);
      fake.addActivity(ada, "signed_up", { at: minutesAgo(90), device: "Firefox on Linux", ip: "192.0.2.1" });
      fake.addActivity(ada, "profile_changed", { at: minutesAgo(30), device: "Chrome on Windows", ip: "192.0.2.2" });
    },
  });
  await screen.findByText("You created your account.");
  const [newest, oldest] = within(screen.getByRole("main")).getAllByRole("listitem");
  expect(newest?.textContent).toMatch(/You changed your profile\..*Chrome on Windows · 192\.0\.2\.2/);
  expect(oldest?.textContent).toMatch(/You created your account\..*Firefox on Linux · 192\.0\.2\.1/);
});

test("asks whether it was oneself, where that matters, and leads to what helps", async () => {
  const { user } = visit("/activity", {
    before: (fake) => {
      const ada = signedIn(fake);
      fake.addActivity(ada, "profile_changed");
      fake.addActivity(ada, "sign_in_failed");
    },
  });
  await screen.findByText(/tried to sign in with a wrong password/);
  await user.click(screen.getByText("Wasn’t this you?"));
  const main = within(screen.getByRole("main"));
  expect(main.getByRole("link", { name: "Change password" }).getAttribute("href")).toBe("/profile/password");
  expect(main.getByRole("link", { name: "Check devices" }).getAttribute("href")).toBe("/devices");
});

test("an unknown event of a newer server has a neutral text", async () => {
  visit("/activity", {
    before: (fake) => {
      const ada = signedIn(fake);
      fake.addActivity(ada, "passkey_added");
      fake.addActivity(ada, "constructor");
    },
  });
  expect(await screen.findAllByText("Your account was changed.")).toHaveLength(2);
  expect(screen.queryByText(/passkey_added|constructor/)).toBeNull();
});

test("what came from nowhere names no device", async () => {
  visit("/activity", {
    before: (fake) => fake.addActivity(signedIn(fake), "disabled", { device: "Unknown device", ip: "" }),
  });
  await screen.findByText("An administrator disabled your account.");
  expect(screen.queryByText(/Unknown device/)).toBeNull();
});

test("shows more, page by page, to the end", async () => {
  const { user } = visit("/activity", {
    before: (fake) => {
      const ada = signedIn(fake);
      for (let count = 0; count < 45; count++) {
        fake.addActivity(ada, "profile_changed", { at: minutesAgo(count) });
      }
    },
  });
  const entries = () => screen.getAllByText("You changed your profile.").length;
  await waitFor(() => expect(entries()).toBe(20));
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(() => expect(entries()).toBe(40));
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(() => expect(entries()).toBe(45));
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("You have seen everything."));
});

test("a page that fails can be asked for again, and the others stay", async () => {
  const { fake, user } = visit("/activity", {
    before: (server) => {
      const ada = signedIn(server);
      for (let count = 0; count < 25; count++) {
        server.addActivity(ada, "profile_changed", { at: minutesAgo(count) });
      }
    },
  });
  fake.refuseNext("listActivity", "INTERNAL");
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getAllByText("You changed your profile.")).toHaveLength(20));
  fake.refuseNext("listActivity", "INTERNAL");
  await user.click(screen.getByRole("button", { name: "Show more" }));
  await screen.findByText("This could not be loaded");
  expect(screen.getAllByText("You changed your profile.")).toHaveLength(20);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getAllByText("You changed your profile.")).toHaveLength(25));
});

test("says when there is nothing", async () => {
  visit("/activity", { before: signedIn });
  await screen.findByText("No activity yet.");
});
