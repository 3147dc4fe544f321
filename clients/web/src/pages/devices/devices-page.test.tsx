import type { FakeLatchkey } from "@latchkey-auth/client/testing";
import { focusManager } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { useLocale } from "../../i18n/use-locale";
import { visit } from "../../testing/visit";

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

function atThreePlaces(fake: FakeLatchkey) {
  const ada = fake.addUser({ email: "ada@example.com" });
  fake.signIn(ada, { device: "Firefox on Linux", ip: "192.0.2.1" });
  fake.signInElsewhere(ada, { device: "KakaoTalk on iPhone", ip: "192.0.2.2", at: hoursAgo(3) });
  fake.signInElsewhere(ada, { device: "Chrome on Windows", ip: "192.0.2.3", at: hoursAgo(30) });
}

const list = async (name: string) => within(await screen.findByRole("region", { name }));

test("lists the devices with address and time, and marks this one", async () => {
  visit("/devices", { before: atThreePlaces });
  const here = await list("This device");
  here.getByText("Firefox on Linux");
  here.getByText("Active now");
  here.getByText(/192\.0\.2\.1/);
  expect(here.queryByRole("button")).toBeNull();

  const others = await list("Other devices");
  expect(others.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent)).toEqual([
    "KakaoTalk on iPhone",
    "Chrome on Windows",
  ]);
  others.getByText("3 hours ago");
  others.getByText("yesterday");
  others.getByText(/192\.0\.2\.3/);
});

test("says so in Korean", async () => {
  useLocale.setState({ locale: "ko", chosen: true });
  visit("/devices", { before: atThreePlaces });
  const others = await list("다른 기기");
  others.getByText("iPhone의 카카오톡");
  others.getByText("3시간 전");
  others.getByText("어제");
  others.getByRole("button", { name: "Windows의 Chrome 로그아웃" });
});

test("signs one out after a question that names it", async () => {
  const { user } = visit("/devices", { before: atThreePlaces });
  await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));
  const question = within(await screen.findByRole("dialog", { name: "Sign out Chrome on Windows?" }));
  await user.click(question.getByRole("button", { name: "Sign out" }));
  await screen.findByText("Chrome on Windows was signed out.");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Sign out Chrome on Windows" })).toBeNull());
  screen.getByRole("button", { name: "Sign out KakaoTalk on iPhone" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Other devices" })));
});

test("a no signs nothing out", async () => {
  const { fake, user } = visit("/devices", { before: atThreePlaces });
  const button = await screen.findByRole("button", { name: "Sign out Chrome on Windows" });
  await user.click(button);
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement).toBe(button);
  expect(fake.calls).not.toContain("revokeSession");
});

test("signs all others out", async () => {
  const { user } = visit("/devices", { before: atThreePlaces });
  await user.click(await screen.findByRole("button", { name: "Sign out all others" }));
  const question = within(await screen.findByRole("dialog", { name: "Sign out all other devices?" }));
  await user.click(question.getByRole("button", { name: "Sign out all others" }));
  await screen.findByText("You are signed in on this device only.");
  await screen.findByText("All other devices were signed out.");
  (await list("This device")).getByText("Firefox on Linux");
});

test("what has ended meanwhile is no error", async () => {
  const { fake, user } = visit("/devices", { before: atThreePlaces });
  await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));
  await fake.client.account.revokeOtherSessions();
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Sign out" }));
  await screen.findByText("Chrome on Windows was signed out.");
  expect(screen.getByRole("alert").textContent).toBe("");
});

test("what fails is told, and the device stays", async () => {
  const { fake, user } = visit("/devices", { before: atThreePlaces });
  await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));
  fake.refuseNext("revokeSession", "INTERNAL");
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).not.toBe(""));
  screen.getByRole("button", { name: "Sign out Chrome on Windows" });
});

test("a list that cannot be loaded can be asked for again", async () => {
  const { user } = visit("/devices", {
    before: (fake) => {
      atThreePlaces(fake);
      fake.refuseNext("listSessions", "INTERNAL");
    },
  });
  await screen.findByText("This could not be loaded");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("Firefox on Linux");
  await waitFor(() => expect(screen.queryByText("This could not be loaded")).toBeNull());
});

test("a look back at the page brings the list up to date", async () => {
  const { fake } = visit("/devices", { before: atThreePlaces });
  await screen.findByText("Chrome on Windows");
  await fake.client.account.revokeOtherSessions();
  focusManager.setFocused(false);
  focusManager.setFocused(true);
  await screen.findByText("You are signed in on this device only.");
  focusManager.setFocused(undefined);
});

test("a session that ends under one's eyes leads to the sign-in page", async () => {
  const { fake, user, address } = visit("/devices", { before: atThreePlaces });
  await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));
  const { user: owner } = fake.client.session.getSnapshot();
  if (owner) {
    fake.endSessions(owner);
  }
  await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(address()).toBe("/sign-in?to=%2Fdevices"));
});
