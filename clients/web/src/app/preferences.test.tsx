import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { useLocale } from "../i18n/use-locale";
import { visit } from "../testing/visit";
import { useTheme } from "./theme";

const language = () => screen.findByRole("combobox", { name: "Language" });

describe("the language", () => {
  test("that is chosen is that of the page, of its title and of the document, and is kept", async () => {
    const { user } = visit("/sign-in");
    await screen.findByRole("heading", { name: "Sign in" });
    expect(document.documentElement.lang).toBe("en");
    await user.selectOptions(await language(), "한국어");
    await screen.findByRole("heading", { name: "로그인" });
    expect(document.documentElement.lang).toBe("ko");
    expect(document.title).toBe("로그인 · Latchkey");
    expect(localStorage.getItem("latchkey.locale")).toBe("ko");
  });

  test("keeps what was typed", async () => {
    const { user } = visit("/sign-in");
    await user.type(await screen.findByLabelText("E-mail address or mobile number"), "ada@example.com");
    await user.selectOptions(await language(), "한국어");
    const field = await screen.findByLabelText<HTMLInputElement>("이메일 또는 휴대폰 번호");
    expect(field.value).toBe("ada@example.com");
  });

  test("is stored as the language of messages for a signed-in user", async () => {
    const { fake, user } = visit("/devices", {
      before: (server) => server.signIn(server.addUser({ locale: "en" })),
    });
    await user.selectOptions(await language(), "한국어");
    await waitFor(() => expect(fake.client.session.getSnapshot().user?.locale).toBe("ko"));
  });

  test("changes though the server cannot be told", async () => {
    const { fake, user } = visit("/devices", { before: (server) => server.signIn(server.addUser({ locale: "en" })) });
    await screen.findByRole("navigation", { name: "Menu" });
    fake.setOffline(true);
    await user.selectOptions(await language(), "한국어");
    await screen.findByRole("navigation", { name: "메뉴" });
  });

  test("is not sent for a signed-out user", async () => {
    const { fake, user } = visit("/sign-in");
    await user.selectOptions(await language(), "한국어");
    await screen.findByRole("heading", { name: "로그인" });
    expect(fake.calls).not.toContain("updateProfile");
  });

  test("of an account is followed by a device where none was chosen", async () => {
    useLocale.setState({ locale: "en", chosen: false });
    visit("/devices", { before: (server) => server.signIn(server.addUser({ locale: "ko" })) });
    await screen.findByRole("navigation", { name: "메뉴" });
    expect(localStorage.getItem("latchkey.locale")).toBeNull();
  });

  test("of an account does not change the one that was chosen on this device", async () => {
    visit("/devices", { before: (server) => server.signIn(server.addUser({ locale: "ko" })) });
    await screen.findByRole("navigation", { name: "Menu" });
    expect(document.documentElement.lang).toBe("en");
  });
});

describe("the colours", () => {
  beforeEach(() => useTheme.getState().setTheme("system"));

  test("are those of the device until others are chosen, which are kept", async () => {
    const { user } = visit("/sign-in");
    expect(document.documentElement.dataset["theme"]).toBe("system");
    await user.selectOptions(await screen.findByRole("combobox", { name: "Colours" }), "Dark");
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    expect(localStorage.getItem("latchkey.theme")).toBe("dark");
    await user.selectOptions(screen.getByRole("combobox", { name: "Colours" }), "Automatic");
    expect(document.documentElement.dataset["theme"]).toBe("system");
  });
});

test("the outbox is one click away where there is one, and nowhere else", async () => {
  visit("/sign-in", { settings: { outboxPath: "/dev/outbox" } });
  const link = await screen.findByRole("link", { name: "Outbox (development)" });
  expect(link.getAttribute("href")).toBe("/dev/outbox");
});
