import { createLatchkey, type Latchkey } from "@latchkey-auth/client";
import type { FakeLatchkey } from "@latchkey-auth/client/testing";
import { fakePassword } from "@latchkey-auth/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { useLocale } from "../i18n/use-locale";
import { useNotices } from "../notices/notices";
import { visit } from "../testing/visit";

const signedIn =
  (role = "trainee") =>
  (fake: FakeLatchkey) =>
    fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada", role, phoneVerified: true }));

const signInPage = () => screen.findByRole("button", { name: "Sign in" });
const refusedCall = (client: Latchkey) => client.account.listActivity({}).catch(() => undefined);
const alert = () => within(screen.getByRole("alert"));

describe("pages of an account", () => {
  test.each(["/profile", "/devices", "/activity?page=2", "/profile/password"])(
    "stay after a reload, and open from a link: %s",
    async (page) => {
      const { address } = visit(page, { before: signedIn() });
      await screen.findByRole("navigation", { name: "Menu" });
      expect(address()).toBe(page);
    },
  );

  test("ask those who are not signed in to sign in, and remember the page", async () => {
    const { address } = visit("/profile/email?from=mail");
    await signInPage();
    expect(address()).toBe("/sign-in?to=%2Fprofile%2Femail%3Ffrom%3Dmail");
    expect(useNotices.getState().current).toBeUndefined();
  });

  test("show nothing before it is known who is signed in", () => {
    visit("/profile", { before: signedIn() });
    expect(screen.getByText("One moment…")).toBeTruthy();
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  test("show nothing after signing out, though one goes back", async () => {
    const { user, address, go } = visit(["/devices", "/profile"], { before: signedIn() });
    await user.click(await screen.findByRole("button", { name: "Sign out" }));
    await signInPage();
    expect(address()).toBe("/sign-in");
    go(-1);
    await waitFor(() => expect(address()).toBe("/sign-in?to=%2Fdevices"));
    await signInPage();
    expect(screen.queryByRole("navigation", { name: "Menu" })).toBeNull();
  });

  test("are where the browser's back button leads", async () => {
    const { user, address, go } = visit("/devices", { before: signedIn() });
    await user.click(await screen.findByRole("link", { name: "Activity" }));
    await waitFor(() => expect(address()).toBe("/activity"));
    go(-1);
    await waitFor(() => expect(address()).toBe("/devices"));
    expect(await screen.findByRole("navigation", { name: "Menu" })).toBeTruthy();
  });
});

describe("pages for signing in", () => {
  test.each([
    ["/sign-in", "/trainee"],
    ["/sign-up", "/trainee"],
    ["/", "/trainee"],
    ["/sign-in?to=%2Fdevices", "/devices"],
    ["/sign-in?to=%2F%2Fevil.example", "/trainee"],
    ["/sign-in?to=%2F.%2F%2Fevil.example", "/trainee"],
    ["/sign-in?to=%2Fsign-in", "/trainee"],
  ])("redirect a signed-in user from %s to %s", async (from, to) => {
    const { address } = visit(from, { before: signedIn() });
    await waitFor(() => expect(address()).toBe(to));
  });

  test("cannot be gone back to after signing in", async () => {
    const { user, address, go } = visit(["/devices", "/sign-in?to=%2Fprofile"], {
      before: (fake) => fake.addUser({ email: "ada@example.com" }),
    });
    await user.type(await screen.findByLabelText("E-mail address or mobile number"), "ada@example.com");
    await user.type(screen.getByLabelText("Password"), `${fakePassword}{Enter}`);
    await waitFor(() => expect(address()).toBe("/profile"));
    go(-1);
    await waitFor(() => expect(address()).toBe("/devices"));
    await screen.findByRole("navigation", { name: "Menu" });
  });
});

describe("pages for a role", () => {
  test.each([
    ["trainee", "/trainer", "/trainee"],
    ["trainer", "/trainee", "/trainer"],
    ["admin", "/trainer", "/home"],
    ["trainer", "/trainer", "/trainer"],
  ])("lead a %s from %s to %s", async (role, from, to) => {
    const { address } = visit(from, { before: signedIn(role) });
    await screen.findByRole("heading", { level: 1, name: /ada/ });
    expect(address()).toBe(to);
  });

  test("are left when a user with another role signs in in another tab", async () => {
    const { fake, address } = visit("/trainee", { before: signedIn() });
    await screen.findByRole("heading", { level: 1, name: /ada/ });
    fake.signIn(fake.addUser({ email: "grace@example.com", nickname: "grace", role: "trainer" }));
    await act(() => fake.client.session.refetch());
    await screen.findByRole("heading", { level: 1, name: /grace/ });
    expect(address()).toBe("/trainer");
  });
});

describe("the end of a session", () => {
  test("by signing out leads to a plain page for signing in", async () => {
    const { user, address } = visit("/activity?page=2", { before: signedIn() });
    await user.click(await screen.findByRole("button", { name: "Sign out" }));
    await signInPage();
    expect(address()).toBe("/sign-in");
    expect(useNotices.getState().current).toMatchObject({ kind: "success", text: "You are signed out." });
  });

  test("by signing out is nothing else where the server had ended it before", async () => {
    const { fake, user, address } = visit("/activity", { before: signedIn() });
    const button = await screen.findByRole("button", { name: "Sign out" });
    const { user: ada } = fake.client.session.getSnapshot();
    if (ada) {
      fake.endSessions(ada);
    }
    await user.click(button);
    await signInPage();
    await waitFor(() => expect(address()).toBe("/sign-in"));
    expect(useNotices.getState().current?.text).toBe("You are signed out.");
  });

  test("by signing out in another tab does as well, without a word", async () => {
    const { fake, address } = visit("/activity", { before: signedIn() });
    const otherTab = createLatchkey({ transport: fake.transport });
    await screen.findByRole("navigation", { name: "Menu" });
    await otherTab.session.signOut();
    await signInPage();
    expect(address()).toBe("/sign-in");
    expect(useNotices.getState().current).toBeUndefined();
  });

  test("does not come when the sign-out gets no answer, and that is said", async () => {
    const { fake, user, address } = visit("/devices", { before: signedIn() });
    const button = await screen.findByRole("button", { name: "Sign out" });
    fake.setOffline(true);
    await user.click(button);
    await alert().findByText(/There is no connection/);
    expect(address()).toBe("/devices");
    await waitFor(() => expect(button.getAttribute("aria-busy")).toBeNull());
  });

  test.each([
    ["SESSION_REVOKED", /You were signed out\. Please sign in again\./],
    ["REFRESH_REUSED", /signed out to protect your account/],
    ["TOKEN_EXPIRED", /a long time of inactivity/],
    ["ACCOUNT_DISABLED", /disabled/],
  ] as const)("by the server is explained, and the page is remembered: %s", async (reason, sentence) => {
    const { fake, address } = visit("/activity?page=2", { before: signedIn() });
    await screen.findByRole("navigation", { name: "Menu" });
    const { user } = fake.client.session.getSnapshot();
    if (user) {
      fake.endSessions(user, reason);
    }
    await act(() => refusedCall(fake.client));
    await alert().findByText(sentence);
    await signInPage();
    expect(address()).toBe("/sign-in?to=%2Factivity%3Fpage%3D2");
  });

  test("is not what a refusal is, while the session lives", async () => {
    const { fake, address } = visit("/activity?page=2", { before: signedIn() });
    await screen.findByRole("navigation", { name: "Menu" });
    fake.refuseNext("listSessions", "SESSION_REVOKED");
    await act(async () => void (await fake.client.account.listSessions()));
    expect(address()).toBe("/activity?page=2");
    expect(screen.getByRole("navigation", { name: "Menu" })).toBeTruthy();
    expect(useNotices.getState().current).toBeUndefined();
  });

  test("by the server is explained in a tab that hears of it from another one", async () => {
    const { fake, address } = visit("/activity", { before: signedIn() });
    const otherTab = createLatchkey({ transport: fake.transport });
    await screen.findByRole("navigation", { name: "Menu" });
    await otherTab.session.ready();
    const { user } = otherTab.session.getSnapshot();
    if (user) {
      fake.endSessions(user, "REFRESH_REUSED");
    }
    await refusedCall(otherTab);
    await alert().findByText(/signed out to protect your account/);
    await signInPage();
    expect(address()).toBe("/sign-in?to=%2Factivity");
  });

  test("is explained once, whatever language is chosen then", async () => {
    const { fake, user } = visit("/devices", { before: signedIn() });
    await screen.findByRole("navigation", { name: "Menu" });
    const { user: ada } = fake.client.session.getSnapshot();
    if (ada) {
      fake.endSessions(ada);
    }
    await act(() => fake.client.session.refetch());
    await alert().findByText(/You were signed out/);
    await user.click(screen.getByRole("button", { name: "Close" }));
    act(() => useLocale.getState().setLocale("ko"));
    await screen.findByRole("button", { name: "로그인" });
    expect(useNotices.getState().current).toBeUndefined();
  });

  test("another tab that signs in leads this one on", async () => {
    const { fake, address } = visit("/sign-in?to=%2Fdevices", {
      before: (server) => server.addUser({ email: "ada@example.com" }),
    });
    await signInPage();
    const otherTab = createLatchkey({ transport: fake.transport });
    await otherTab.auth.signIn({ email: "ada@example.com", password: fakePassword });
    await waitFor(() => expect(address()).toBe("/devices"));
  });
});

describe("without a connection at the start", () => {
  test.each(["/profile", "/sign-in"])(
    "%s says so, within one main region, and goes on once there is one",
    async (page) => {
      const { fake, user, address } = visit(page, {
        before(server) {
          signedIn()(server);
          server.setOffline(true);
        },
      });
      await screen.findByRole("heading", { name: "We cannot reach the server" });
      expect(screen.getAllByRole("main")).toHaveLength(1);
      await user.click(screen.getByRole("button", { name: "Try again" }));
      expect(screen.getByRole("heading", { name: "We cannot reach the server" })).toBeTruthy();
      fake.setOffline(false);
      await user.click(screen.getByRole("button", { name: "Try again" }));
      await screen.findByRole("navigation", { name: "Menu" });
      await waitFor(() => expect(address()).toBe(page === "/sign-in" ? "/trainee" : page));
    },
  );
});
