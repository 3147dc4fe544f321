import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { visit } from "../../testing/visit";

test("signs in by e-mail address, and goes where one wanted to go", async () => {
  const { fake, user, address } = visit("/activity?page=2", {
    before: (server) => server.addUser({ email: "ada@example.com" }),
  });
  await user.type(await screen.findByLabelText("E-mail address or mobile number"), "ada@example.com");
  expect(address()).toBe("/sign-in?to=%2Factivity%3Fpage%3D2");
  await user.type(screen.getByLabelText("Password"), fakePassword);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(address()).toBe("/activity?page=2"));
  expect(fake.client.session.getSnapshot().status).toBe("signedIn");
});
