import type { Latchkey } from "./latchkey";
import type { Visitor } from "./visitor";

/** A page, or a state of one that looks different, and how somebody gets there. */
export interface View {
  readonly name: string;
  readonly signedIn?: boolean;
  readonly show: (somebody: Visitor, latchkey: Latchkey) => Promise<void>;
}

const at = (path: string) => (somebody: Visitor) => somebody.opens(path);

/** Every page, in the language that the visitor's browser speaks: what is done on them goes by names that no language changes. */
export const views: readonly View[] = [
  { name: "welcome", show: at("/") },
  { name: "sign-up", show: at("/sign-up") },
  {
    name: "sign-up-errors",
    async show(somebody) {
      await somebody.opens("/sign-up");
      await somebody.page.locator("button[type=submit]").click();
      await somebody.page.locator("[aria-invalid=true]").first().waitFor();
    },
  },
  {
    name: "sign-up-code",
    async show(somebody) {
      await somebody.opens("/sign-up");
      await somebody.page.locator("input[name=email]").fill(somebody.person.email);
      await somebody.keys("Enter");
      await somebody.page.locator("input[name=code]").waitFor();
    },
  },
  {
    name: "sign-up-filled",
    async show(somebody) {
      const { page, person } = somebody;
      await somebody.opens("/sign-up");
      await page.locator("input[name=email]").fill(person.email);
      await somebody.keys("Enter");
      await page.locator("input[name=code]").fill(await somebody.codeByMail());
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
    async show(somebody) {
      somebody.willBeRefused("SignIn 401");
      await somebody.opens("/sign-in");
      await somebody.page.locator("input[name=identifier]").fill(somebody.person.email);
      await somebody.page.locator("input[name=password]").fill("Wrong-horse1");
      await somebody.keys("Enter");
      await somebody.page.locator("[aria-invalid=true], [data-notice]").first().waitFor();
    },
  },
  { name: "reset-password", show: at("/reset-password") },
  {
    name: "reset-password-code",
    async show(somebody) {
      await somebody.opens("/reset-password");
      await somebody.page.locator("input[name=identifier]").fill(somebody.person.email);
      await somebody.keys("Enter");
      await somebody.page.locator("input[name=code]").waitFor();
    },
  },
  {
    name: "finish-social",
    async show(somebody) {
      await somebody.opens("/sign-up/finish");
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
    async show(somebody) {
      await somebody.opens("/profile/delete");
      await somebody.page.locator("main button").first().click();
      await somebody.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "devices",
    signedIn: true,
    async show(somebody, latchkey) {
      await latchkey.signIn(await latchkey.elsewhere(somebody, { userAgent: "Mozilla/5.0 (Macintosh) Firefox/140.0" }));
      await somebody.opens("/devices");
    },
  },
  { name: "activity", signedIn: true, show: at("/activity") },
  {
    name: "error",
    signedIn: true,
    async show(somebody) {
      somebody.mayFindNobody(true);
      await somebody.browser.route("**/assets/activity-page-*.js", (route) => route.abort());
      await somebody.opens("/activity");
    },
  },
  {
    name: "unreachable",
    signedIn: true,
    async show(somebody) {
      somebody.mayFindNobody(true);
      await somebody.browser.route("**/latchkey.v1.*/**", (route) => route.abort());
      await somebody.opens("/profile");
    },
  },
];

/** Shows a view to somebody new, and waits until it has come to rest. */
export async function visitView(
  latchkey: Latchkey,
  { show, signedIn }: View,
  options: Parameters<Latchkey["visitor"]>[0],
): Promise<Visitor> {
  const account = { role: "trainer", locale: options?.locale?.slice(0, 2) ?? "en" } as const;
  const somebody = await (signedIn ? latchkey.member(account, options) : latchkey.visitor(options));
  if (signedIn) {
    await latchkey.signIn(somebody);
  }
  await show(somebody, latchkey);
  await somebody.page.locator("h1").first().waitFor();
  await somebody.page.waitForLoadState("networkidle");
  return somebody;
}
