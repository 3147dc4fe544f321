import type { BrowserContext, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Message, Outbox } from "./outbox";
import type { Person } from "./person";
import type { Watch } from "./watch";

/** What a visitor needs beside a browser. */
interface Surroundings {
  /** The origin of the server. */
  readonly origin: string;
  /** The messages that the server has sent. */
  readonly outbox: Outbox;
  /** What is watched in the browser. */
  readonly watch: Watch;
}

/** A person at a browser. Actions wait for the page, and expectations are polled. */
export class Visitor {
  readonly person: Person;
  /** For what has no word here. */
  readonly page: Page;
  readonly #surroundings: Surroundings;

  constructor(person: Person, page: Page, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.person = person;
    this.page = page;
  }

  get browser(): BrowserContext {
    return this.page.context();
  }

  async opens(path: string): Promise<void> {
    await this.page.goto(this.#surroundings.origin + path);
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
    const tab = new Visitor(this.person, await this.browser.newPage(), this.#surroundings);
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

  /** Types as people do, key by key, at the place where the focus is. */
  async types(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses keys, one after the other. */
  async keys(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  async presses(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  async follows(name: string | RegExp): Promise<void> {
    // The menu stands before the content, which may lead to the same place.
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

  /** Signs in on the page for it, in English. */
  async signsIn(): Promise<void> {
    await this.fillsSignIn();
    await this.presses("Sign in");
  }

  async fillsSignIn(identifier = this.person.email, password = this.person.password): Promise<void> {
    await this.fills("E-mail address or mobile number", identifier);
    await this.fills("Password", password);
  }

  /** Waits for a notice. */
  async isTold(text: string | RegExp): Promise<void> {
    await this.page.locator("[data-notice]").filter({ hasText: text }).waitFor();
  }

  /** Waits for an error below a field. */
  async isToldAt(label: string, text: string | RegExp): Promise<void> {
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

  /** Waits until the focus is at a field. */
  async isAtField(label: string): Promise<void> {
    const field = this.field(label);
    await field.waitFor();
    await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
  }

  /** Goes on with Tab until the focus is at what has this name, as who has no mouse does. */
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

  /** Waits for the code that comes by mail. */
  codeByMail(): Promise<string> {
    return this.#surroundings.outbox.code(this.person.email);
  }

  /** Waits for the code that comes by SMS. */
  codeBySms(): Promise<string> {
    return this.#surroundings.outbox.code(this.person.phone);
  }

  /** Waits for a mail that was not read yet. */
  mail(wanted: (message: Message) => boolean): Promise<Message> {
    return this.#surroundings.outbox.next(this.person.email, wanted);
  }

  /** Tells whether calls may get no answer at all from now on. */
  mayFindNobody(may: boolean): void {
    this.#surroundings.watch.outage = may;
  }

  /** Expects that the server refuses a call: `VerifyCode 400`. Any other refusal fails the test. */
  willBeRefused(call: string): void {
    this.#surroundings.watch.expect(call);
  }
}
