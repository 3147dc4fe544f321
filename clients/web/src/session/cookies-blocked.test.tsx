// A browser that drops the cookies of a sign-in: the user is told, wherever the sign-in begins.
import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useLocale } from "../i18n/use-locale";
import { visit } from "../testing/visit";

vi.spyOn(console, "warn").mockImplementation(() => undefined);

const blocked = (fake: FakeLatchkey) => {
  fake.addUser({ email: "ada@example.com", nickname: "ada" });
  fake.setCookiesBlocked(true);
};
const identifier = () => screen.findByLabelText("E-mail address or mobile number");
const sentence = /Your browser blocks cookies here/;

test("at a sign-in by password, which stays where it is", async () => {
  const { fake, user, address } = visit("/sign-in?to=%2Fdevices", { before: blocked });
  await user.type(await identifier(), "ada@example.com");
  await user.type(screen.getByLabelText("Password"), `${fakePassword}{Enter}`);
  await within(screen.getByRole("alert")).findByText(sentence);
  expect(address()).toBe("/sign-in?to=%2Fdevices");
  expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe(fakePassword);

  // Allowed by then, the same button signs in.
  fake.setCookiesBlocked(false);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(address()).toBe("/devices"));
});

test("at a sign-in by code", async () => {
  const { fake, user, address } = visit("/sign-in", { before: blocked });
  await user.type(await identifier(), "ada@example.com");
  await user.click(screen.getByRole("button", { name: "Use a code instead" }));
  await user.click(await screen.findByRole("button", { name: "Send code" }));
  await user.type(await screen.findByLabelText("Code"), fake.codeFor("ada@example.com"));
  await screen.findByText(sentence);
  expect(address()).toBe("/sign-in");
});

test("in the language of the page", async () => {
  const { user } = visit("/sign-in", { before: blocked });
  await identifier();
  act(() => useLocale.getState().setLocale("ko"));
  await user.type(await screen.findByLabelText("이메일 또는 휴대폰 번호"), "ada@example.com");
  await user.type(screen.getByLabelText("비밀번호"), `${fakePassword}{Enter}`);
  await within(screen.getByRole("alert")).findByText(/쿠키를 허용한 뒤 다시 로그인해 주세요/);
});
