import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { visit } from "../../testing/visit";

vi.mock("../../social/social-buttons", () => ({ default: () => <button type="button">Kakao</button> }));

test("providers that this server has are offered", async () => {
  visit("/sign-in", { settings: { socialProviders: ["kakao"] } });
  await screen.findByRole("button", { name: "Kakao" });
});

test("nothing is offered where there are none", async () => {
  const { fake } = visit("/sign-in");
  await screen.findByRole("button", { name: "Sign in" });
  await vi.waitFor(() => expect(fake.calls).toContain("getSettings"));
  await new Promise(requestAnimationFrame);
  expect(screen.queryByRole("button", { name: "Kakao" })).toBeNull();
});
