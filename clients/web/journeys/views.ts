import type { Latchkey } from "./latchkey";
import type { Visitor } from "./visitor";

/** A page or a state of a page, and how to get there. */
export interface View {
  readonly name: string;
  readonly signedIn?: boolean;
  readonly show: (visitor: Visitor, latchkey: Latchkey) => Promise<void>;
}

const at = (path: string) => (visitor: Visitor) => visitor.opens(path);

/** All views. They use selectors that do not depend on the language. */
export const views: readonly View[] = [
  { name: "welcome", show: at("/") },
  { name: "sign-up", show: at("/sign-up") },
  {
    name: "sign-up-errors",
    async show(visitor) {
      await visitor.opens("/sign-up");
      await visitor.page.locator("button[type=submit]").click();
      await visitor.page.locator("[aria-invalid=true]").first().waitFor();
    },
  },
  {
    name: "sign-up-code",
    async show(visitor) {
      await visitor.opens("/sign-up");
      await visitor.page.locator("input[name=email]").fill(visitor.person.email);
      await visitor.keys("Enter");
      await visitor.page.locator("input[name=code]").waitFor();
    },
  },
  {
    name: "sign-up-filled",
    async show(visitor) {
      const { page, person } = visitor;
      await visitor.opens("/sign-up");
      await page.locator("input[name=email]").fill(person.email);
      await visitor.keys("Enter");
      await page.locator("input[name=code]").fill(await visitor.codeByMail());
      await page.locator("input[name=code]").waitFor({ state: "detached" });
      await page.locator("input[name=name]").fill(person.name);
      await page.locator("input[name=nickname]").fill(person.nickname);
      await page.locator("input[name=password]").fill("Correct-h");
      await page.locator("input[name=name]").focus();
      await page.locator("[data-rule][data-met=true]").nth(4).waitFor();
    },
  },
  { name: "sign-in", show: at("/sign-in") },
  {
    name: "sign-in-refused",
    async show(visitor) {
      visitor.expectRefusal("SignIn 401");
      await visitor.opens("/sign-in");
      await visitor.page.locator("input[name=identifier]").fill(visitor.person.email);
      await visitor.page.locator("input[name=password]").fill("Wrong-horse1");
      await visitor.keys("Enter");
      await visitor.page.locator("[aria-invalid=true], [data-notice]").first().waitFor();
    },
  },
  { name: "reset-password", show: at("/reset-password") },
  {
    name: "reset-password-code",
    async show(visitor) {
      await visitor.opens("/reset-password");
      await visitor.page.locator("input[name=identifier]").fill(visitor.person.email);
      await visitor.keys("Enter");
      await visitor.page.locator("input[name=code]").waitFor();
    },
  },
  {
    name: "finish-social",
    async show(visitor) {
      await visitor.opens("/sign-up/finish");
    },
  },
  { name: "not-found", show: at("/no-such-page") },
  { name: "home", signedIn: true, show: at("/home") },
  { name: "profile", signedIn: true, show: at("/profile") },
  { name: "change-password", signedIn: true, show: at("/profile/password") },
  { name: "change-email", signedIn: true, show: at("/profile/email") },
  { name: "change-phone", signedIn: true, show: at("/profile/phone") },
  { name: "delete-account", signedIn: true, show: at("/profile/delete") },
  {
    name: "delete-account-question",
    signedIn: true,
    async show(visitor) {
      await visitor.opens("/profile/delete");
      await visitor.page.locator("main button").first().click();
      await visitor.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "devices",
    signedIn: true,
    async show(visitor, latchkey) {
      await latchkey.signIn(
        await latchkey.otherBrowser(visitor, { userAgent: "Mozilla/5.0 (Macintosh) Firefox/140.0" }),
      );
      await visitor.opens("/devices");
    },
  },
  { name: "activity", signedIn: true, show: at("/activity") },
  {
    name: "error",
    signedIn: true,
    async show(visitor) {
      visitor.allowOutage(true);
      await visitor.browser.route("**/assets/activity-page-*.js", (route) => route.abort());
      await visitor.opens("/activity");
    },
  },
  {
    name: "unreachable",
    signedIn: true,
    async show(visitor) {
      visitor.allowOutage(true);
      await visitor.browser.route("**/latchkey.v1.*/**", (route) => route.abort());
      await visitor.opens("/profile");
    },
  },
];

/** Opens a view for a new visitor, and waits until it is stable. */
export async function visitView(
  latchkey: Latchkey,
  { show, signedIn }: View,
  options: Parameters<Latchkey["visitor"]>[0],
): Promise<Visitor> {
  const account = { role: "trainer", locale: options?.locale?.slice(0, 2) ?? "en" } as const;
  const visitor = await (signedIn ? latchkey.member(account, options) : latchkey.visitor(options));
  if (signedIn) {
    await latchkey.signIn(visitor);
  }
  await show(visitor, latchkey);
  await visitor.page.locator("h1").first().waitFor();
  await visitor.page.waitForLoadState("networkidle");
  return visitor;
}
