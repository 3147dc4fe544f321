import type { BrowserContext } from "playwright-core";

/** Notes whatever must not happen while somebody uses the pages: at the end, `faults` have to be none. */
export class Watch {
  readonly #origin: string;
  readonly #faults: string[] = [];
  readonly #refused = new Set<string>();
  readonly #expected = new Set<string>();
  #outage = false;

  /** Begins to watch. Nothing of the context may be open yet. */
  static async over(context: BrowserContext, origin: string): Promise<Watch> {
    const watch = new Watch(origin);
    await context.exposeBinding("reportViolation", (_source, text: string) => watch.#note(`policy violated: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
        const { reportViolation } = window as unknown as { reportViolation(text: string): void };
        reportViolation(`${violatedDirective} by ${blockedURI} in ${sourceFile}`);
      });
    });
    context.on("weberror", (error) => watch.#note(`uncaught: ${error.error().stack}`));
    context.on("console", (message) => {
      // What failed to load is noted below, by its name.
      // Code of a page that cannot be loaded is told by the page, and by React here as well.
      if (message.type() === "error" && !watch.#outage && !message.text().startsWith("Failed to load resource")) {
        watch.#note(`console: ${message.text()}`);
      }
    });
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== origin) {
        watch.#note(`asked another origin: ${request.url()}`);
      }
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Whoever leaves a page does not wait for what it has asked for.
      if (why !== "net::ERR_ABORTED" && !watch.#outage) {
        watch.#note(`failed: ${request.url()}: ${why}`);
      }
    });
    context.on("response", (response) => {
      if (response.status() >= 400 && !(watch.#outage && response.status() >= 500)) {
        watch.#refused.add(`${nameOf(response.url())} ${response.status()}`);
      }
    });
    return watch;
  }

  private constructor(origin: string) {
    this.#origin = origin;
  }

  /** From now on, this call may be refused, and has to be: `VerifyCode 400`. */
  expect(call: string): void {
    this.#expected.add(call);
  }

  /** Tells that calls may get no answer, or may again get none from now on. */
  set outage(may: boolean) {
    this.#outage = may;
  }

  /** What went wrong. */
  faults(): readonly string[] {
    const unexpected = [...this.#refused].filter((call) => !this.#expected.has(call));
    const missing = [...this.#expected].filter((call) => !this.#refused.has(call));
    return [
      ...this.#faults,
      ...unexpected.map((call) => `refused: ${call}`),
      ...missing.map((call) => `was not refused, as it should have been: ${call}`),
    ];
  }

  #note(fault: string): void {
    this.#faults.push(fault.replaceAll(this.#origin, ""));
  }
}

/** The method of a call; the path of anything else. */
function nameOf(address: string): string {
  const { pathname } = new URL(address);
  return pathname.startsWith("/latchkey.v1.") ? pathname.slice(pathname.lastIndexOf("/") + 1) : pathname;
}
