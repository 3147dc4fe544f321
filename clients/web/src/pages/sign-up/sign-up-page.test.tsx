import { ContactRule } from "@latchkey-auth/client";
import { fakePassword } from "@latchkey-auth/client/testing";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { arriveAsTrainer, askForCode, below, fillIn, label, prove, submit } from "../../testing/sign-up-steps";
import { visit } from "../../testing/visit";

test("signs up with a proven e-mail address, and is on the home page of the role", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, "ada@example.com");
  expect(document.activeElement).toBe(screen.getByLabelText("Mobile number (optional)"));
  await fillIn(page);
  await submit(page);
  await arriveAsTrainer(page);
  expect(page.fake.client.session.getSnapshot().user).toMatchObject({
    email: "ada@example.com",
    emailVerified: true,
    phone: "",
    name: "Ada Lovelace",
    nickname: "ada",
    role: "trainer",
    locale: "en",
  });
  await screen.findByText("Welcome, ada! Your account is ready.");
});

test("takes an optional number as it is written", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, "ada@example.com");
  await page.user.type(screen.getByLabelText("Mobile number (optional)"), "01012345678");
  await fillIn(page);
  await submit(page);
  await arriveAsTrainer(page);
  expect(page.fake.client.session.getSnapshot().user).toMatchObject({ phone: "+821012345678", phoneVerified: false });
});

test("has an optional number proven for those who want it", async () => {
  const optional = "Mobile number (optional)";
  const page = visit("/sign-up?to=/devices");
  await prove(page, label.email, "ada@example.com");
  expect(screen.queryByRole("button", { name: "Send code" })).toBeNull();
  await prove(page, optional, "01012345678");
  expect(screen.getAllByText("Verified")).toHaveLength(2);
  expect((screen.getByLabelText(optional) as HTMLInputElement).value).toBe("010-1234-5678");
  await fillIn(page);
  await submit(page);
  await waitFor(() => expect(page.address()).toBe("/devices"));
  expect(page.fake.client.session.getSnapshot().user).toMatchObject({ phone: "+821012345678", phoneVerified: true });
});

test("signs up with a proven number and a plain e-mail address, where there is one role", async () => {
  const page = visit("/sign-up", {
    settings: { email: ContactRule.REQUIRED, phone: ContactRule.VERIFIED, roles: ["trainee"] },
  });
  await prove(page, label.phone, "010-1234-5678");
  expect(document.activeElement).toBe(screen.getByLabelText(label.email));
  expect(screen.queryByRole("radio")).toBeNull();
  await page.user.type(screen.getByLabelText(label.email), "ada@example.com");
  await fillIn(page);
  await submit(page);
  await waitFor(() => expect(page.address()).toMatch(/^\/(home|trainee)$/));
  expect(page.fake.client.session.getSnapshot().user).toMatchObject({
    email: "ada@example.com",
    emailVerified: false,
    phone: "+821012345678",
    phoneVerified: true,
    role: "trainee",
  });
});

test("asks for no contact that is off", async () => {
  visit("/sign-up", { settings: { phone: ContactRule.OFF } });
  await screen.findByLabelText(label.email);
  expect(screen.queryByLabelText(/Mobile number/)).toBeNull();
});

test("sends the language of the page, and explains roles that it knows", async () => {
  const { useLocale } = await import("../../i18n/use-locale");
  useLocale.setState({ locale: "ko" });
  const page = visit("/sign-up", { settings: { roles: ["trainee", "trainer", "nutritionist"] } });
  await page.user.type(await screen.findByLabelText("이메일"), "ada@example.com");
  await page.user.click(screen.getByRole("button", { name: "인증번호 받기" }));
  await page.user.type(await screen.findByLabelText("인증번호"), page.fake.codeFor("ada@example.com"));
  await screen.findByText("인증 완료");
  await page.user.type(screen.getByLabelText("이름"), "에이다");
  await page.user.type(screen.getByLabelText("닉네임"), "에이다");
  await page.user.type(screen.getByLabelText("비밀번호"), "Correct-horse1");
  await page.user.type(screen.getByLabelText("비밀번호 확인"), "Correct-horse1");
  expect(below(screen.getByRole("radio", { name: "트레이너" }))).toContain("지도해요");
  await page.user.click(screen.getByRole("radio", { name: "nutritionist" }));
  await page.user.click(screen.getByRole("button", { name: "가입하기" }));
  await waitFor(() => expect(page.fake.client.session.getSnapshot().user?.locale).toBe("ko"));
  expect(page.fake.client.session.getSnapshot().role).toBe("nutritionist");
});

test("says everything that is missing, the proof as well, and goes to the first of it", async () => {
  const page = visit("/sign-up");
  await page.user.type(await screen.findByLabelText(label.email), "ada@example.com");
  await submit(page);
  const email = screen.getByLabelText(label.email);
  await waitFor(() => expect(below(email)).toBe("Please request a code and enter it first."));
  expect(document.activeElement).toBe(email);
  for (const field of [label.name, label.nickname, label.password, label.again]) {
    expect(below(screen.getByLabelText(field)), field).not.toBe("");
  }
  expect(below(screen.getByRole("radiogroup", { name: "I am here as a …" }))).not.toBe("");
  expect(page.fake.calls).not.toContain("signUp");
});

test("does not speak of the missing proof while the address is typed", async () => {
  const page = visit("/sign-up");
  const email = await screen.findByLabelText(label.email);
  await page.user.type(email, "ada");
  await waitFor(() => expect(below(email)).toContain("name@example.com"));
  await page.user.type(email, "@example.com");
  await waitFor(() => expect(below(email)).toBe(""));
});

test("brings the contact back when its proof is too old", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, "ada@example.com");
  await fillIn(page);
  page.fake.refuseNext("signUp", "PROOF_INVALID");
  await submit(page);
  await screen.findByText("The verification has expired. Please request a new code.");
  const email = screen.getByLabelText(label.email) as HTMLInputElement;
  expect(email.value).toBe("ada@example.com");
  expect(email.readOnly).toBe(false);
  expect(document.activeElement).toBe(email);
  await page.user.click(screen.getByRole("button", { name: "Send code" }));
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor("ada@example.com"));
  await screen.findByText("Verified");
  await submit(page);
  await arriveAsTrainer(page);
});

test("puts what the server refuses below its fields, and goes to the first", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, "ada@example.com");
  await fillIn(page);
  page.fake.refuseNext("signUp", "INVALID_FIELDS", {
    violations: { password: "password.common", nickname: "nickname.taken" },
  });
  await submit(page);
  await screen.findByText("This password is too easy to guess.");
  const nickname = screen.getByLabelText(label.nickname);
  expect(below(nickname)).toContain("This nickname is taken.");
  expect(document.activeElement).toBe(nickname);
});

test("sends once, however often it is pressed", async () => {
  const page = visit("/sign-up");
  await prove(page, label.email, "ada@example.com");
  await fillIn(page);
  await page.user.dblClick(screen.getByRole("button", { name: "Create account" }));
  await arriveAsTrainer(page);
  expect(page.fake.calls.filter((call) => call === "signUp")).toHaveLength(1);
});

test("works where accounts are private", async () => {
  const { AccountDiscovery } = await import("@latchkey-auth/client");
  const page = visit("/sign-up", { settings: { accountDiscovery: AccountDiscovery.PRIVATE } });
  await prove(page, label.email, "ada@example.com");
  await fillIn(page);
  await submit(page);
  await arriveAsTrainer(page);
});

test("goes on where one was after leaving half-way, without the passwords", async () => {
  const page = visit("/sign-up?to=/devices");
  await askForCode(page, label.email, "ada@example.com");
  await page.user.type(screen.getByLabelText(label.name), "Ada Lovelace");
  await page.user.type(screen.getByLabelText(label.password), "Correct-horse1");
  await page.user.click(screen.getByRole("link", { name: "Sign in" }));
  await waitFor(() => expect(page.address()).toBe("/sign-in?to=%2Fdevices"));
  await screen.findByRole("heading", { name: "Sign in" });
  await page.back();
  await page.user.type(await screen.findByLabelText(label.code), page.fake.codeFor("ada@example.com"));
  await screen.findByText("Verified");
  expect((screen.getByLabelText(label.name) as HTMLInputElement).value).toBe("Ada Lovelace");
  expect((screen.getByLabelText(label.password) as HTMLInputElement).value).toBe("");
});

test("does not show a user what another one has typed", async () => {
  const page = visit("/sign-up", { before: (fake) => fake.addUser({ email: "grace@example.com" }) });
  await prove(page, label.email, "ada@example.com");
  await page.user.click(screen.getByRole("link", { name: "Sign in" }));
  await page.user.type(await screen.findByLabelText("E-mail address or mobile number"), "grace@example.com");
  await page.user.type(screen.getByLabelText(label.password), `${fakePassword}{Enter}`);
  await page.user.click(await screen.findByRole("button", { name: "Sign out" }));
  await screen.findByLabelText("E-mail address or mobile number");
  await page.back();
  const email = (await screen.findByLabelText(label.email)) as HTMLInputElement;
  expect(email.value).toBe("");
  expect(email.readOnly).toBe(false);
});
