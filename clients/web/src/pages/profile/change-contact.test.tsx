import { ContactRule } from "@latchkey-auth/client";
import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { type Visit, visit } from "../../testing/visit";

const ada = { email: "ada@example.com", nickname: "ada" };
const anHourAgo = new Date(Date.now() - 3_600_000);

const signedIn = (at?: Date) => (fake: FakeLatchkey) => fake.signIn(fake.addUser(ada), at && { at });

async function prove({ fake, user }: Visit, label: string, contact: string) {
  const field = await screen.findByLabelText<HTMLInputElement>(label);
  await user.clear(field);
  await user.type(field, contact);
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await user.type(await screen.findByLabelText("Code"), fake.codeFor(contact));
}

const dialog = async () => within(await screen.findByRole("dialog", { name: "Is it really you?" }));

test("an address that is proven by its code is the account's from then on", async () => {
  const here = visit("/profile/email", { before: signedIn() });
  await screen.findByRole("heading", { level: 1, name: "Change e-mail address" });
  await prove(here, "E-mail address", "countess@example.com");
  await waitFor(() => expect(here.address()).toBe("/profile"));
  await screen.findByText("countess@example.com");
  await screen.findByText(/Your e-mail address is verified/);
});

test("a first number is added", async () => {
  const here = visit("/profile/phone", { before: signedIn() });
  await screen.findByRole("heading", { level: 1, name: "Add mobile number" });
  await prove(here, "Mobile number", "01012345678");
  await waitFor(() => expect(here.address()).toBe("/profile"));
  await screen.findByText("010-1234-5678");
});

test("a contact without a proof is proven by the same page, which knows it already", async () => {
  const { fake, user, address } = visit("/profile/phone", {
    before: (server) => server.signIn(server.addUser({ ...ada, phone: "+821012345678" })),
  });
  await screen.findByRole("heading", { level: 1, name: "Verify mobile number" });
  await screen.findByDisplayValue("010-1234-5678");
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await user.type(await screen.findByLabelText("Code"), fake.codeFor("+821012345678"));
  await waitFor(() => expect(address()).toBe("/profile"));
  expect(fake.client.session.getSnapshot().user?.phoneVerified).toBe(true);
});

test.each([
  ["the user's own address", "Ada@Example.com", "This is already your e-mail address."],
  ["no address", "ada", /name@example\.com/],
])("%s gets no code", async (_, typed, message) => {
  const { fake, user } = visit("/profile/email", { before: signedIn() });
  await user.type(await screen.findByLabelText("E-mail address"), typed);
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await screen.findByText(message);
  expect(fake.calls).not.toContain("sendCode");
});

test("no code is sent to the address of another account either", async () => {
  const { fake, user } = visit("/profile/email", {
    before: (server) => {
      server.addUser({ email: "grace@example.com" });
      server.signIn(server.addUser(ada));
    },
  });
  await user.type(await screen.findByLabelText("E-mail address"), "grace@example.com");
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await waitFor(() => expect(screen.getByLabelText("E-mail address").getAttribute("aria-invalid")).toBe("true"));
  expect(fake.calls).not.toContain("sendCode");
});

test("after a while it asks for the password, and goes on with what was begun", async () => {
  const here = visit("/profile/email", { before: signedIn(anHourAgo) });
  await prove(here, "E-mail address", "countess@example.com");
  const question = await dialog();
  const password = question.getByLabelText("Password");
  expect(document.activeElement).toBe(password);
  await here.user.type(password, fakePassword);
  await here.user.click(question.getByRole("button", { name: "Continue" }));
  await waitFor(() => expect(here.address()).toBe("/profile"));
  expect(here.fake.client.session.getSnapshot().user?.email).toBe("countess@example.com");
});

test("a wrong password is told within the question, and can be mended", async () => {
  const here = visit("/profile/email", { before: signedIn(anHourAgo) });
  await prove(here, "E-mail address", "countess@example.com");
  const question = await dialog();
  await here.user.type(question.getByLabelText("Password"), "Wrong-horse1{Enter}");
  await question.findByText("This is not your password.");
  await here.user.clear(question.getByLabelText("Password"));
  await here.user.type(question.getByLabelText("Password"), `${fakePassword}{Enter}`);
  await waitFor(() => expect(here.address()).toBe("/profile"));
});

test("who has no password confirms by a code", async () => {
  const here = visit("/profile/phone", { before: signedIn(anHourAgo) });
  await prove(here, "Mobile number", "01012345678");
  const question = await dialog();
  await here.user.click(question.getByRole("button", { name: "Use a code instead" }));
  await here.user.type(await question.findByLabelText("Code"), here.fake.codeFor("ada@example.com"));
  await waitFor(() => expect(here.address()).toBe("/profile"));
  expect(here.fake.client.session.getSnapshot().user?.phone).toBe("+821012345678");
});

test("a limit on codes is told within the question", async () => {
  const here = visit("/profile/phone", { before: signedIn(anHourAgo) });
  await prove(here, "Mobile number", "01012345678");
  const question = await dialog();
  here.fake.refuseNext("sendCode", "TOO_MANY_SENDS", { retryAfter: 60_000 });
  await here.user.click(question.getByRole("button", { name: "Use a code instead" }));
  await waitFor(() => expect(question.getByRole("alert").textContent).not.toBe(""));
});

test("who would rather not, changes nothing, and can still finish", async () => {
  const here = visit("/profile/email", { before: signedIn(anHourAgo) });
  await prove(here, "E-mail address", "countess@example.com");
  await here.user.click((await dialog()).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(here.fake.client.session.getSnapshot().user?.email).toBe("ada@example.com");
  const save = screen.getByRole("button", { name: "Save" });
  await waitFor(() => expect(document.activeElement).toBe(save));
  await here.user.click(save);
  await here.user.type((await dialog()).getByLabelText("Password"), `${fakePassword}{Enter}`);
  await waitFor(() => expect(here.address()).toBe("/profile"));
});

test("the question can be left as the browser leaves dialogs", async () => {
  const here = visit("/profile/email", { before: signedIn(anHourAgo) });
  await prove(here, "E-mail address", "countess@example.com");
  // What Escape does in a browser.
  (await screen.findByRole<HTMLDialogElement>("dialog")).close();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  screen.getByRole("button", { name: "Save" });
});

test("a proof that came too late begins anew", async () => {
  const here = visit("/profile/email", { before: signedIn() });
  here.fake.refuseNext("changeContact", "PROOF_INVALID");
  await prove(here, "E-mail address", "countess@example.com");
  await screen.findByRole("button", { name: "Send code" });
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  expect(document.activeElement).toBe(screen.getByLabelText("E-mail address"));
  await prove(here, "E-mail address", "countess@example.com");
  await waitFor(() => expect(here.address()).toBe("/profile"));
});

test("who has proven a number alone gets the code there", async () => {
  const here = visit("/profile/email", {
    before: (fake) => {
      const user = { email: "", emailVerified: false, phone: "+821012345678", phoneVerified: true };
      fake.signIn(fake.addUser(user), { at: anHourAgo });
    },
  });
  await screen.findByRole("heading", { level: 1, name: "Add e-mail address" });
  await prove(here, "E-mail address", "countess@example.com");
  const question = await dialog();
  await here.user.click(question.getByRole("button", { name: "Use a code instead" }));
  await question.findByText("We sent a code to 010-1234-5678.");
  await here.user.type(question.getByLabelText("Code"), here.fake.codeFor("010-1234-5678"));
  await waitFor(() => expect(here.address()).toBe("/profile"));
});

test("a server that asks for no number has no page for one", async () => {
  const { address } = visit("/profile/phone", { before: signedIn(), settings: { phone: ContactRule.OFF } });
  await waitFor(() => expect(address()).toBe("/profile"));
});
