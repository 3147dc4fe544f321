import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { visit } from "../testing/visit";

test("welcomes people, and shows the two ways in", async () => {
  visit("/");
  await screen.findByRole("heading", { level: 1, name: "One key, and you are in." });
  expect(document.title).toBe("One key, and you are in. · Latchkey");
  expect(screen.getByRole("link", { name: "Create account" }).getAttribute("href")).toBe("/sign-up");
  expect(screen.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/sign-in");
});

test("does not keep those who are signed in", async () => {
  const { address } = visit("/", { before: (fake) => fake.signIn(fake.addUser()) });
  await waitFor(() => expect(address()).toMatch(/^\/(home|trainee)$/));
});
