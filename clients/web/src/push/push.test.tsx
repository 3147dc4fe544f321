import { LatchkeyCoreProvider } from "@latchkey-auth/client/react";
import { createFakeLatchkey } from "@latchkey-auth/client/testing";
import { en } from "@latchkey-auth/client/texts";
import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoticeRegion } from "../notices/notice-region";
import { fakeBrowserPush, removeBrowserPush } from "../testing/fake-browser-push";
import { deletePushToken, getPushToken } from "./firebase";
import { type PushChoice, usePushChoices } from "./push-choices";
import PushInvitation from "./push-invitation";
import { clearPush, renewPush } from "./push-registration";
import PushSwitch from "./push-switch";
import PushSync from "./push-sync";

vi.mock("./firebase", () => ({ getPushToken: vi.fn(), deletePushToken: vi.fn() }));

const push = { apiKey: "k", projectId: "p", messagingSenderId: "1", appId: "a", vapidKey: "B" };

beforeEach(() => {
  usePushChoices.setState({ choices: {} });
  vi.mocked(getPushToken).mockReset().mockResolvedValue("token-1");
  vi.mocked(deletePushToken).mockReset().mockResolvedValue();
});

afterEach(removeBrowserPush);

/** Opens a page with all parts of push, for Ada, who is signed in. */
function open({ settings = { push }, choice }: { settings?: object; choice?: PushChoice } = {}) {
  const fake = createFakeLatchkey({ settings });
  const ada = fake.addUser({ email: "ada@example.com" });
  const registered = vi.spyOn(fake.client.account, "registerDevice");
  const unregistered = vi.spyOn(fake.client.account, "unregisterDevice");
  fake.signIn(ada);
  if (choice) {
    usePushChoices.getState().setChoice(ada.id, choice);
  }
  const { unmount } = render(
    <LatchkeyCoreProvider client={fake.client} texts={en}>
      <NoticeRegion />
      <h1 tabIndex={-1}>Home</h1>
      {"push" in settings && <PushSync config={pushConfig} />}
      <PushInvitation />
      <PushSwitch />
    </LatchkeyCoreProvider>,
  );
  return { fake, ada, registered, unregistered, unmount, user: userEvent.setup() };
}

const pushConfig = { ...push, $typeName: "latchkey.v1.PushWebConfig" } as const;
const theSwitch = { name: "Notifications on this device" };

test("asks for the permission on request only, and registers this browser", async () => {
  const browser = fakeBrowserPush();
  const { ada, registered, user } = open();
  await user.click(await screen.findByRole("button", { name: "Turn on" }));
  expect(await screen.findByText("Notifications are on for this device.")).toBeTruthy();
  expect(browser.asked()).toBe(1);
  expect(registered).toHaveBeenCalledExactlyOnceWith({ token: "token-1", platform: 1 });
  expect(screen.queryByRole("button", { name: "Turn on" })).toBeNull();
  expect(screen.getByRole("switch", theSwitch).getAttribute("aria-checked")).toBe("true");
  expect(JSON.parse(localStorage.getItem("latchkey.push") ?? "")).toEqual({ [ada.id]: "on" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 })));
});

test("loads nothing of Firebase and asks nothing before", async () => {
  const browser = fakeBrowserPush();
  open();
  await screen.findByRole("button", { name: "Turn on" });
  expect(browser.asked()).toBe(0);
  expect(getPushToken).not.toHaveBeenCalled();
});

test("does not ask again after Not now", async () => {
  fakeBrowserPush();
  const { user, unmount } = open();
  await user.click(await screen.findByRole("button", { name: "Not now" }));
  expect(screen.queryByRole("button", { name: "Not now" })).toBeNull();
  unmount();
  open();
  await screen.findByRole("switch", theSwitch);
  expect(screen.queryByRole("button", { name: "Not now" })).toBeNull();
});

test("says how to allow what the browser blocks", async () => {
  const browser = fakeBrowserPush();
  browser.answer = "denied";
  const { registered, user } = open();
  await user.click(await screen.findByRole("switch", theSwitch));
  expect(await screen.findByText(/^Your browser now blocks/)).toBeTruthy();
  expect(screen.getByText(/^Your browser blocks notifications from this site/)).toBeTruthy();
  expect(screen.queryByRole("switch")).toBeNull();
  expect(screen.queryByRole("button", { name: "Turn on" })).toBeNull();
  expect(registered).not.toHaveBeenCalled();

  browser.permission = "granted";
  act(() => void window.dispatchEvent(new Event("focus")));
  expect(await screen.findByRole("switch", theSwitch)).toBeTruthy();
});

test("shows an error when it could not be turned on, and leaves it off", async () => {
  fakeBrowserPush();
  vi.mocked(getPushToken).mockRejectedValue(new Error("push service error"));
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Turn on" }));
  expect(await screen.findByText(/^Notifications could not be turned on/)).toBeTruthy();
  expect(screen.getByRole("switch", theSwitch).getAttribute("aria-checked")).toBe("false");
});

test("turned off, the server and Firebase forget this browser", async () => {
  const browser = fakeBrowserPush("granted");
  browser.subscribed = true;
  const { unregistered, user } = open({ choice: "on" });
  await user.click(await screen.findByRole("switch", { ...theSwitch, checked: true }));
  expect(await screen.findByText("Notifications are off for this device.")).toBeTruthy();
  expect(unregistered).toHaveBeenCalledExactlyOnceWith({ token: "token-1" });
  expect(deletePushToken).toHaveBeenCalledOnce();
  expect(screen.getByRole("switch", { ...theSwitch, checked: false })).toBeTruthy();
});

test("is not registered again by a visit that begins while it is turned off", async () => {
  const browser = fakeBrowserPush("granted");
  browser.subscribed = true;
  const { fake, registered, unregistered, user } = open({ choice: "on" });
  await waitFor(() => expect(registered).toHaveBeenCalledOnce());
  unregistered.mockImplementationOnce(async (request) => {
    // As a part of the page does that was loaded late.
    browser.fromWorker({ kind: "subscription-changed" });
    return fake.client.account.unregisterDevice(request);
  });
  await user.click(await screen.findByRole("switch", { ...theSwitch, checked: true }));
  await screen.findByRole("switch", { ...theSwitch, checked: false });
  await screen.findByText("Notifications are off for this device.");
  // What was queued behind has had its turn.
  await act(() => clearPush());
  expect(registered).toHaveBeenCalledOnce();
});

test("stays on if the server could not be told that it is off", async () => {
  const browser = fakeBrowserPush("granted");
  browser.subscribed = true;
  const { fake, user } = open({ choice: "on" });
  fake.refuseNext("unregisterDevice", "DEPENDENCY_DOWN");
  await user.click(await screen.findByRole("switch", { ...theSwitch, checked: true }));
  expect(await screen.findByText(/^Notifications could not be turned off/)).toBeTruthy();
  expect(screen.getByRole("switch", { ...theSwitch, checked: true })).toBeTruthy();
});

test("registers again on each visit, and when the browser has changed its subscription", async () => {
  const browser = fakeBrowserPush("granted");
  const { registered } = open({ choice: "on" });
  await waitFor(() => expect(registered).toHaveBeenCalledOnce());
  vi.mocked(getPushToken).mockResolvedValue("token-2");
  browser.fromWorker({ kind: "subscription-changed" });
  await waitFor(() => expect(registered).toHaveBeenLastCalledWith({ token: "token-2", platform: 1 }));
});

test("what one user has turned on is off for the next one, and nothing of theirs is left", async () => {
  const browser = fakeBrowserPush("granted");
  const { fake, registered } = open({ choice: "on" });
  await waitFor(() => expect(registered).toHaveBeenCalledOnce());
  Object.assign(browser, { subscribed: true, shown: 2 });

  await act(() => fake.client.session.signOut());
  await waitFor(() => expect(browser).toMatchObject({ subscribed: false, shown: 0 }));

  fake.addUser({ email: "bob@example.com" });
  await act(() => fake.client.auth.signIn({ email: "bob@example.com", password: "Correct-horse1" }));
  expect(await screen.findByRole("switch", { ...theSwitch, checked: false })).toBeTruthy();
  expect(registered).toHaveBeenCalledOnce();
});

test("the notification about the end of a session stays until another user signs in", async () => {
  const browser = fakeBrowserPush("granted");
  const { fake, ada, registered } = open({ choice: "on" });
  await waitFor(() => expect(registered).toHaveBeenCalledOnce());
  Object.assign(browser, { subscribed: true, shown: 1 });

  fake.endSessions(ada);
  await act(() => fake.client.session.refetch());
  expect(fake.client.session.getSnapshot().status).toBe("signedOut");
  await waitFor(() => expect(screen.queryByRole("switch")).toBeNull());
  // What was queued has had its turn, when a later one has.
  await expect(renewPush(fake.client, pushConfig, ada.id)).rejects.toThrow("the user has changed");
  expect(browser).toMatchObject({ subscribed: true, shown: 1 });

  fake.addUser({ email: "bob@example.com" });
  await act(() => fake.client.auth.signIn({ email: "bob@example.com", password: "Correct-horse1" }));
  await waitFor(() => expect(browser).toMatchObject({ subscribed: false, shown: 0 }));
  expect(registered).toHaveBeenCalledOnce();
});

test("does not register a user who has signed in while the token was fetched", async () => {
  fakeBrowserPush();
  const { fake, registered, user } = open();
  vi.mocked(getPushToken).mockImplementation(async () => {
    await fake.client.session.signOut();
    fake.addUser({ email: "bob@example.com" });
    await fake.client.auth.signIn({ email: "bob@example.com", password: "Correct-horse1" });
    return "token-1";
  });
  await user.click(await screen.findByRole("button", { name: "Turn on" }));
  expect(await screen.findByText(/^Notifications could not be turned on/)).toBeTruthy();
  expect(registered).not.toHaveBeenCalled();
});

test("shows what arrives as a notice, as text, and says that it did", async () => {
  const browser = fakeBrowserPush("granted");
  open();
  await screen.findByRole("switch", theSwitch);
  let answered = false;
  act(() => {
    answered = browser.fromWorker({ kind: "notification", title: "<b>New</b> sign-in", body: "Chrome on Windows" });
  });
  expect(answered).toBe(true);
  expect(await screen.findByText("<b>New</b> sign-in — Chrome on Windows")).toBeTruthy();
  // Other workers' messages, such as those of extensions, are none of ours.
  expect(browser.fromWorker({ title: "x", body: "y" }) || browser.fromWorker(null)).toBe(false);
});

test("is absent without Firebase's settings", async () => {
  fakeBrowserPush();
  const { fake } = open({ settings: {} });
  await waitFor(() => expect(fake.client.session.getSnapshot().status).toBe("signedIn"));
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.queryByText(/notification/i)).toBeNull();
});

test("says so where the browser cannot show notifications", async () => {
  open();
  expect(await screen.findByText(/^This browser does not support notifications/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Turn on" })).toBeNull();
});

test("says on an iPhone that the page has to be on the home screen", async () => {
  vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)");
  open();
  expect(await screen.findByText(/choose “Add to Home Screen”/)).toBeTruthy();
  vi.restoreAllMocks();
});
