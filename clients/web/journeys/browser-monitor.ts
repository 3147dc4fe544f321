import type { BrowserContext } from "playwright-core";

/** Records errors in a browser: failed calls, exceptions, console errors, policy violations. A test fails if there are any `faults`. */
export class BrowserMonitor {
  readonly #origin: string;
  readonly #faults: string[] = [];
  readonly #failed = new Set<string>();
  readonly #expected = new Set<string>();
  #outage = false;

  /** Starts to monitor a context, which must not have pages yet. */
  static async start(context: BrowserContext, origin: string): Promise<BrowserMonitor> {
    const monitor = new BrowserMonitor(origin);
    await context.exposeBinding("reportViolation", (_source, text: string) =>
      monitor.#record(`policy violated: ${text}`),
    );
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
        const { reportViolation } = window as unknown as { reportViolation(text: string): void };
        reportViolation(`${violatedDirective} by ${blockedURI} in ${sourceFile}`);
      });
    });
    context.on("weberror", (error) => monitor.#record(`uncaught: ${error.error().stack}`));
    context.on("console", (message) => {
      // Failed requests are recorded below, with their names. During an outage, React logs code that could not be loaded.
      if (message.type() === "error" && !monitor.#outage && !message.text().startsWith("Failed to load resource")) {
        monitor.#record(`console: ${message.text()}`);
      }
    });
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== origin) {
        monitor.#record(`request to another origin: ${request.url()}`);
      }
    });
    context.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // Leaving a page aborts its requests.
      if (why !== "net::ERR_ABORTED" && !monitor.#outage) {
        monitor.#record(`failed: ${request.url()}: ${why}`);
      }
    });
    context.on("response", (response) => {
      if (response.status() >= 400 && !(monitor.#outage && response.status() >= 500)) {
        monitor.#failed.add(`${nameOf(response.url())} ${response.status()}`);
      }
    });
    return monitor;
  }

  private constructor(origin: string) {
    this.#origin = origin;
  }

  /** Expects that a call fails, such as `VerifyCode 400`. */
  expect(call: string): void {
    this.#expected.add(call);
  }

  /** Sets whether calls may fail without a response from now on. */
  set outage(may: boolean) {
    this.#outage = may;
  }

  /** Returns the recorded errors. */
  faults(): readonly string[] {
    const unexpected = [...this.#failed].filter((call) => !this.#expected.has(call));
    const missing = [...this.#expected].filter((call) => !this.#failed.has(call));
    return [
      ...this.#faults,
      ...unexpected.map((call) => `failed: ${call}`),
      ...missing.map((call) => `did not fail as expected: ${call}`),
    ];
  }

  #record(fault: string): void {
    this.#faults.push(fault.replaceAll(this.#origin, ""));
  }
}

/** Returns the method of a call, and the path of any other request. */
function nameOf(address: string): string {
  const { pathname } = new URL(address);
  return pathname.startsWith("/latchkey.v1.") ? pathname.slice(pathname.lastIndexOf("/") + 1) : pathname;
}
