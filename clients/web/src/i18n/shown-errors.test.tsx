// What is wrong is told in the language of the page, also when it is switched afterwards.
import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Visit, visit } from "../testing/visit";

const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada" }));

const identifier = "E-mail address or mobile number";

const kinds: [
  kind: string,
  address: string,
  english: RegExp,
  before: (fake: FakeLatchkey) => void,
  provoke: (page: Visit) => Promise<void>,
][] = [
  [
    "a rule of a form",
    "/sign-up",
    /Use at least 2 characters/,
    () => undefined,
    async ({ user }) => {
      await user.type(await screen.findByLabelText("Nickname"), "a");
      await user.tab();
    },
  ],
  [
    "a rule of a page",
    "/profile/password",
    /differ|do not match|not the same/i,
    signedIn,
    async ({ user }) => {
      await user.type(await screen.findByLabelText("New password"), "Quicker-fox2");
      await user.type(screen.getByLabelText("Repeat the new password"), "Quicker-fox3");
      await user.tab();
    },
  ],
  [
    "a refusal below its field",
    "/profile",
    /taken|already|somebody else/i,
    (fake) => {
      signedIn(fake);
      fake.addUser({ email: "grace@example.com", nickname: "grace" });
    },
    async ({ user }) => {
      const field = await screen.findByLabelText("Nickname");
      await user.clear(field);
      await user.type(field, "grace");
      await user.click(screen.getByRole("button", { name: "Save changes" }));
    },
  ],
  [
    "a notice",
    "/sign-in",
    /service is unavailable/,
    (fake) => {
      fake.addUser({ email: "ada@example.com" });
      fake.refuseNext("signIn", "DEPENDENCY_DOWN");
    },
    async ({ user }) => {
      await user.type(await screen.findByLabelText(identifier), "ada@example.com");
      await user.type(screen.getByLabelText("Password"), `${fakePassword}{Enter}`);
    },
  ],
  [
    "a list that could not be loaded",
    "/activity",
    /This could not be loaded/,
    (fake) => {
      signedIn(fake);
      for (let times = 0; times < 20; times++) {
        fake.refuseNext("listActivity", "INTERNAL");
      }
    },
    async () => undefined,
  ],
  [
    "a wrong code",
    "/sign-up",
    /code is (wrong|not right)|not the (right )?code|wrong/i,
    () => undefined,
    async ({ user, fake }) => {
      await user.type(await screen.findByLabelText("E-mail address"), "ada@example.com{Enter}");
      const right = fake.codeFor("ada@example.com");
      await user.type(await screen.findByLabelText("Code"), right === "000000" ? "000001" : "000000");
    },
  ],
];

test.each(kinds)("%s", async (_, address, english, before, provoke) => {
  const page = visit(address, { before });
  await provoke(page);
  const all = () => document.body.textContent ?? "";
  await waitFor(() => expect(all()).toMatch(english), { timeout: 20_000 });
  await page.user.selectOptions(screen.getByRole("combobox", { name: "Language" }), "한국어");
  await waitFor(() => expect(document.documentElement.lang).toBe("ko"));
  await waitFor(() => expect(all()).not.toMatch(english));
  expect(document.querySelector("[aria-invalid=true], [data-notice], [role=alert]")).not.toBeNull();
});
