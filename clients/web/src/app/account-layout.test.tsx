import type { FakeLatchkey } from "@latchkey-auth/client/testing";
import { act, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { visit } from "../testing/visit";

const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ nickname: "ada" }));

test("one link is marked as the page that one is on", async () => {
  const { user, address } = visit("/devices", { before: signedIn });
  const current = () =>
    screen.getAllByRole("link").filter((link) => link.getAttribute("aria-current") === "page")[0]?.textContent;
  await screen.findByRole("navigation", { name: "Menu" });
  expect(current()).toBe("Devices");
  await user.click(screen.getByRole("link", { name: "Home" }));
  await waitFor(() => expect(address()).toBe("/trainee"));
  expect(current()).toBe("Home");
});

test("the focus goes to the heading of a new page, also when a link that stays has led there", async () => {
  const { user } = visit("/devices", { before: signedIn });
  await user.click(await screen.findByRole("link", { name: "Home" }));
  const heading = await screen.findByRole("heading", { level: 1, name: /ada/ });
  await waitFor(() => expect(document.activeElement).toBe(heading));
  expect(document.title).toMatch(/ada.* · Latchkey/);
});

test("the keyboard can skip the menu", async () => {
  const { user } = visit("/devices", { before: signedIn });
  const skip = await screen.findByRole("link", { name: "Skip to content" });
  // The heading of the new page has the focus. From the top of the window, the link comes first.
  const heading = await screen.findByRole("heading", { level: 1 });
  await waitFor(() => expect(document.activeElement).toBe(heading));
  act(() => heading.blur());
  await user.tab();
  expect(document.activeElement).toBe(skip);
  expect(document.querySelector(skip.getAttribute("href") ?? "")).toBe(screen.getByRole("main"));
});
