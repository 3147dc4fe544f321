import { ContactRule } from "@latchkey-auth/client";
import type { FakeLatchkey } from "@latchkey-auth/client/testing";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { useLocale } from "../../i18n/use-locale";
import { visit } from "../../testing/visit";

const ada = { email: "ada@example.com", name: "Ada Kim", nickname: "ada", locale: "en" };

const signedIn = (user: Parameters<FakeLatchkey["addUser"]>[0]) => (fake: FakeLatchkey) =>
  fake.signIn(fake.addUser(user));

const row = (label: string) => within(screen.getByText(label).closest("li") as HTMLElement);

test("shows which contacts are verified, with links to change them", async () => {
  visit("/profile", { before: signedIn({ ...ada, phone: "+821012345678", phoneVerified: false }) });
  await screen.findByRole("heading", { level: 1, name: "Profile" });

  const email = row("E-mail address");
  email.getByText("ada@example.com");
  email.getByText("Verified");
  expect(email.getByRole("link", { name: "Change e-mail address" }).getAttribute("href")).toBe("/profile/email");

  const phone = row("Mobile number");
  phone.getByText("010-1234-5678");
  phone.getByText("Not verified");
  expect(phone.getByRole("link", { name: "Verify mobile number" }).getAttribute("href")).toBe("/profile/phone");
});

test("offers to add what is missing, unless the server does without", async () => {
  visit("/profile", { before: signedIn(ada), settings: { phone: ContactRule.OFF } });
  await screen.findByText("E-mail address");
  await waitFor(() => expect(screen.queryByText("Mobile number")).toBeNull());
});

test("leads to the other pages of the account", async () => {
  visit("/profile", { before: signedIn(ada) });
  for (const [name, href] of [
    ["Add mobile number", "/profile/phone"],
    ["Change password", "/profile/password"],
    ["Delete account", "/profile/delete"],
  ] as const) {
    expect((await screen.findByRole("link", { name })).getAttribute("href")).toBe(href);
  }
});

test("sends what was changed and nothing else, and keeps who is signed in fresh", async () => {
  const sent: unknown[] = [];
  const { fake, user } = visit("/profile", { before: signedIn(ada) });
  const nickname = await screen.findByLabelText("Nickname");
  const { updateProfile } = fake.client.account;
  Object.assign(fake.client.account, {
    updateProfile: (request: object) => {
      sent.push({ ...request });
      return updateProfile(request);
    },
  });
  await user.clear(nickname);
  await user.type(nickname, "countess");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await screen.findByText("Your changes were saved.");
  expect(sent).toEqual([expect.objectContaining({ nickname: "countess" })]);
  expect(sent[0]).not.toHaveProperty("name");
  expect(fake.client.session.getSnapshot().user?.nickname).toBe("countess");
  // Nothing is left to save.
  screen.getByRole("button", { name: "Nothing to save" });
});

test("says when there is nothing to save, and sends nothing", async () => {
  const { fake, user } = visit("/profile", { before: signedIn(ada) });
  await user.click(await screen.findByRole("button", { name: "Nothing to save" }));
  await screen.findByText("You have not changed anything yet.");
  expect(fake.calls).not.toContain("updateProfile");
});

test("a nickname that is taken shows an error below its field", async () => {
  const { user } = visit("/profile", {
    before: (fake) => {
      fake.addUser({ nickname: "grace" });
      fake.signIn(fake.addUser(ada));
    },
  });
  const nickname = await screen.findByLabelText("Nickname");
  await user.clear(nickname);
  await user.type(nickname, "Grace");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(nickname.getAttribute("aria-invalid")).toBe("true"));
  await screen.findByText(/nickname.*taken|taken.*nickname/i);
  expect(document.activeElement).toBe(nickname);
});

test("a name that is no name is not sent", async () => {
  const { fake, user } = visit("/profile", { before: signedIn(ada) });
  const name = await screen.findByLabelText("Name");
  await user.clear(name);
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(name.getAttribute("aria-invalid")).toBe("true"));
  expect(fake.calls).not.toContain("updateProfile");
});

test("the language of messages is saved like the rest", async () => {
  const { fake, user } = visit("/profile", { before: signedIn(ada) });
  await user.selectOptions(await screen.findByLabelText("Language of messages"), "한국어");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(fake.client.session.getSnapshot().user?.locale).toBe("ko"));
});

test("what was changed elsewhere comes in, but not over what is being typed", async () => {
  const { fake, user } = visit("/profile", { before: signedIn(ada) });
  const nickname = await screen.findByLabelText("Nickname");
  await user.type(nickname, "2");
  await fake.client.account.updateProfile({ name: "Countess Ada" });
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Countess Ada"));
  expect(screen.getByLabelText<HTMLInputElement>("Nickname").value).toBe("ada2");
  screen.getByRole("button", { name: "Save changes" });
});

test("a lost connection is told, and what was typed stays", async () => {
  const { fake, user } = visit("/profile", { before: signedIn(ada) });
  const nickname = await screen.findByLabelText<HTMLInputElement>("Nickname");
  await user.type(nickname, "2");
  fake.refuseNext("updateProfile", "DEPENDENCY_DOWN");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).not.toBe(""));
  expect(nickname.value).toBe("ada2");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await screen.findByText("Your changes were saved.");
});

test.each([
  ["/profile", "프로필"],
  ["/profile/password", "비밀번호 변경"],
  ["/profile/email", "이메일 변경"],
  ["/profile/phone", "휴대폰 번호 추가"],
  ["/profile/delete", "회원 탈퇴"],
  ["/devices", "기기"],
  ["/activity", "활동"],
])("%s speaks Korean", async (path, title) => {
  useLocale.setState({ locale: "ko", chosen: true });
  visit(path, { before: signedIn(ada) });
  await screen.findByRole("heading", { level: 1, name: title });
  expect(document.title).toBe(`${title} · Latchkey`);
});
