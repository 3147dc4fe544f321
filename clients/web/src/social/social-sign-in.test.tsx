import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useLocale } from "../i18n/use-locale";
import { alert } from "../testing/sign-up-steps";
import { visit } from "../testing/visit";

const socialProviders = ["kakao", "naver", "google", "acme"];

afterEach(() => vi.restoreAllMocks());

test.each(["/sign-in", "/sign-up"])(
  "offers at %s what the server offers, under the names of the brands",
  async (path) => {
    visit(path, { settings: { socialProviders } });
    await screen.findByRole("button", { name: "Login with Kakao" });
    screen.getByRole("button", { name: "Sign in with Naver" });
    screen.getByRole("button", { name: "Sign in with Google" });
    screen.getByRole("button", { name: "Sign in with Acme" });
  },
);

test("speaks Korean", async () => {
  useLocale.setState({ locale: "ko" });
  visit("/sign-in", { settings: { socialProviders } });
  await screen.findByRole("button", { name: "카카오 로그인" });
  screen.getByRole("button", { name: "네이버 로그인" });
  screen.getByRole("button", { name: "Google 계정으로 로그인" });
});

test("is absent where the server has no providers", async () => {
  visit("/sign-in");
  await screen.findByRole("button", { name: "Sign in" });
  expect(screen.queryByText("or")).toBeNull();
});

test("leaves for the provider's page, and can be pressed again after coming back", async () => {
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => {});
  const { fake, user } = visit("/sign-in?to=/devices", { settings: { socialProviders } });
  const start = vi.spyOn(fake.client.auth, "startSocialSignIn");
  const kakao = await screen.findByRole("button", { name: "Login with Kakao" });
  await user.dblClick(kakao);
  await waitFor(() => expect(assign).toHaveBeenCalledWith("https://kakao.example/authorize"));
  expect(start).toHaveBeenCalledExactlyOnceWith({ provider: "kakao", returnTo: "/devices" });
  expect(kakao.getAttribute("aria-busy")).toBe("true");
  window.dispatchEvent(new Event("pageshow"));
  await waitFor(() => expect(kakao.getAttribute("aria-busy")).toBeNull());
  await user.click(kakao);
  await waitFor(() => expect(assign).toHaveBeenCalledTimes(2));
});

test("goes nowhere but to pages of the web", async () => {
  const assign = vi.spyOn(window.location, "assign").mockImplementation(() => {});
  const { fake, user } = visit("/sign-in", { settings: { socialProviders } });
  vi.spyOn(fake.client.auth, "startSocialSignIn").mockResolvedValue({
    authorizationUrl: "javascript:alert(1)",
  } as never);
  await user.click(await screen.findByRole("button", { name: "Login with Kakao" }));
  await waitFor(() => expect(alert()).toContain("This did not work."));
  expect(assign).not.toHaveBeenCalled();
});

test("says why it cannot leave", async () => {
  const { user } = visit("/sign-in", {
    settings: { socialProviders },
    before: (fake) => fake.refuseNext("startSocialSignIn", "DEPENDENCY_DOWN", { retryAfter: 60_000 }),
  });
  const naver = await screen.findByRole("button", { name: "Sign in with Naver" });
  await user.click(naver);
  await waitFor(() => expect(alert()).toContain("The service is unavailable. Please try again in 1 minute."));
  expect(naver.getAttribute("aria-busy")).toBeNull();
});
