// Every page, with each of its calls failing, hanging, or made without a connection: no page waits for ever, and none hides why.
import type { ServerReason } from "@latchkey-auth/client/testing";
import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Visit, visit } from "../testing/visit";

const pages = [
  "/",
  "/sign-up",
  "/sign-up/finish?ticket=tkt_1",
  "/sign-in",
  "/reset-password",
  "/home",
  "/trainee",
  "/profile",
  "/profile/password",
  "/profile/email",
  "/profile/phone",
  "/profile/delete",
  "/devices",
  "/activity",
  "/no-such-page",
] as const;

const isAccountPage = (address: string) => /^\/(home|trainee|profile|devices|activity)/.test(address);

function open(address: string, before: (fake: Visit["fake"]) => void = () => {}): Visit {
  return visit(address, {
    before(fake) {
      if (isAccountPage(address)) {
        fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada", role: "trainee" }));
      }
      before(fake);
    },
  });
}

/** Advances the clock by two minutes, which is longer than a call with all its retries takes. */
const pass = async () => {
  // In steps, so that effects run in between and can set timers.
  for (let seconds = 0; seconds < 120; seconds += 10) {
    await act(() => vi.advanceTimersByTimeAsync(10_000));
  }
};

/** What a page shows that waits. */
const isWaiting = () => /One moment|Loading…/.test(document.body.textContent ?? "");

const wayOn = () => screen.queryAllByRole("button", { name: /^(Try again|Reload)$/ });

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Finds out which calls a page makes by itself. */
async function callsOf(address: string): Promise<string[]> {
  const { fake } = open(address);
  await waitFor(() => expect(isWaiting()).toBe(false));
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  cleanup();
  return [...new Set(fake.calls)];
}

const reasons: readonly ServerReason[] = ["INTERNAL", "DEPENDENCY_DOWN", "TOO_MANY_ATTEMPTS"];

describe.each(pages)("%s", (address) => {
  test.each(reasons)(
    "says what is wrong when one of its calls is refused with %s again and again, and recovers",
    async (reason) => {
      for (const call of await callsOf(address)) {
        const page = open(address, (fake) => {
          for (let times = 0; times < 50; times++) {
            fake.refuseNext(call, reason);
          }
        });
        await pass();
        expect(isWaiting(), `${call} is refused`).toBe(false);
        expect(document.querySelector("h1, [role=alert]"), `${call} is refused`).not.toBeNull();
        page.fake.clearRefusals();
        await recover(page);
        expect(isWaiting(), `${call} is not refused any more`).toBe(false);
        cleanup();
      }
    },
  );

  test("offers a way on when one of its calls hangs", async () => {
    for (const call of await callsOf(address)) {
      open(address, (fake) => fake.hold(call));
      await pass();
      expect(isWaiting() && wayOn().length === 0, `${call} hangs`).toBe(false);
      cleanup();
    }
  });

  test("says that there is no connection, and goes on when there is", async () => {
    const page = open(address, (fake) => fake.setOffline(true));
    window.dispatchEvent(new Event("offline"));
    await pass();
    expect(isWaiting()).toBe(false);
    page.fake.setOffline(false);
    act(() => void window.dispatchEvent(new Event("online")));
    await recover(page);
    expect(isWaiting()).toBe(false);
    expect(screen.queryByText(/There is no connection/)).toBeNull();
  });
});

/** Presses what offers to try again, as long as there is something, and lets what is tried by itself be tried. */
async function recover({ user }: Visit): Promise<void> {
  for (let times = 0; times < 5; times++) {
    for (const button of wayOn().filter(({ textContent }) => textContent === "Try again")) {
      if (button.isConnected) {
        await user.click(button);
      }
    }
    await act(() => vi.advanceTimersByTimeAsync(30_000));
  }
}

test("a list that was opened before the connection went is not left waiting", async () => {
  const page = open("/devices");
  await screen.findByRole("heading", { name: "This device" });
  page.fake.setOffline(true);
  act(() => void window.dispatchEvent(new Event("offline")));
  await page.user.click(screen.getByRole("link", { name: "Activity" }));
  await screen.findByText("This could not be loaded");
  await screen.findByText(/There is no connection/);
  page.fake.setOffline(false);
  act(() => void window.dispatchEvent(new Event("online")));
  await waitFor(() => expect(screen.queryByText("This could not be loaded")).toBeNull());
});
