import type { BrowserContext, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { BrowserMonitor } from "./browser-monitor";
import type { Message, Outbox } from "./outbox";
import type { Person } from "./person";

/** The environment of a visitor. */
interface VisitorOptions {
  /** The origin of the server. */
  readonly origin: string;
  /** The messages of the server. */
  readonly outbox: Outbox;
  /** The monitor of the browser. */
  readonly monitor: BrowserMonitor;
}

/** A person at a browser. Actions wait for the page, and expectations are polled. */
export class Visitor {
  readonly person: Person;
  /** The page, for actions without a method here. */
  readonly page: Page;
  readonly #options: VisitorOptions;

  constructor(person: Person, page: Page, surroundings: VisitorOptions) {
    this.#options = surroundings;
    this.person = person;
    this.page = page;
  }

  get browser(): BrowserContext {
    return this.page.context();
  }

  async opens(path: string): Promise<void> {
    await this.page.goto(this.#options.origin + path);
  }

  async reloads(): Promise<void> {
    await this.page.reload();
  }

  async goesBack(): Promise<void> {
    await this.page.goBack();
  }

  async goesForward(): Promise<void> {
    await this.page.goForward();
  }

  /** Opens a page in another tab of the same browser. */
  async opensTab(path: string): Promise<Visitor> {
    const tab = new Visitor(this.person, await this.browser.newPage(), this.#options);
    await tab.opens(path);
    return tab;
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async fills(label: string, text: string): Promise<void> {
    await this.field(label).fill(text);
  }

  /** Types key by key into the focused element. */
  async types(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses keys one after the other. */
  async keys(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  async follows(name: string | RegExp): Promise<void> {
    // The menu comes before the content, which may have the same link.
    await this.page.getByRole("link", { name, exact: true }).first().click();
  }

  async picks(name: string | RegExp): Promise<void> {
    await this.page.getByRole("radio", { name }).check();
  }

  async selects(label: string, option: string): Promise<void> {
    await this.field(label).selectOption(option);
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  async seesHeading(name: string | RegExp): Promise<void> {
    await this.page
      .getByRole("heading", { name, exact: typeof name === "string" })
      .first()
      .waitFor();
  }

  async seesNot(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.page.getByText(text).filter({ visible: true }).count()).toBe(0);
  }

  async isAt(path: string): Promise<void> {
    await expect.poll(() => this.address).toBe(path);
  }

  get address(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** Signs in on the sign-in page, in English. */
  async signsIn(): Promise<void> {
    await this.fillsSignIn();
    await this.presses("Sign in");
  }

  async fillsSignIn(identifier = this.person.email, password = this.person.password): Promise<void> {
    await this.fills("E-mail address or mobile number", identifier);
    await this.fills("Password", password);
  }

  /** Waits for a notice. */
  async seesNotice(text: string | RegExp): Promise<void> {
    await this.page.locator("[data-notice]").filter({ hasText: text }).waitFor();
  }

  /** Waits for an error below a field. */
  async seesFieldError(label: string, text: string | RegExp): Promise<void> {
    const field = this.field(label);
    const told = async () => {
      const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ").filter(Boolean);
      const texts = await Promise.all(ids.map((id) => this.page.locator(`[id="${id}"]`).allInnerTexts()));
      return texts.flat().join("\n");
    };
    const wanted = typeof text === "string" ? expect.stringContaining(text) : expect.stringMatching(text);
    await expect.poll(told).toEqual(wanted);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
  }

  /** Waits until a field has the focus. */
  async hasFocusOn(label: string): Promise<void> {
    const field = this.field(label);
    await field.waitFor();
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  }

  /** Presses Tab until the target has the focus. */
  async tabsTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let count = 0; count < 60; count++) {
      await this.page.keyboard.press("Tab");
      if (await target.evaluate((element) => element === document.activeElement)) {
        return;
      }
    }
    throw new Error(`the Tab key does not lead to ${target}`);
  }

  /** Waits for the code by e-mail. */
  codeByMail(): Promise<string> {
    return this.#options.outbox.code(this.person.email);
  }

  /** Waits for the code by SMS. */
  codeBySms(): Promise<string> {
    return this.#options.outbox.code(this.person.phone);
  }

  /** Waits for an unread e-mail. */
  mail(wanted: (message: Message) => boolean): Promise<Message> {
    return this.#options.outbox.next(this.person.email, wanted);
  }

  /** Sets whether calls may fail without a response from now on. */
  allowOutage(may: boolean): void {
    this.#options.monitor.outage = may;
  }

  /** Expects that a call fails, such as `VerifyCode 400`. Any other failed call fails the test. */
  expectRefusal(call: string): void {
    this.#options.monitor.expect(call);
  }
}
