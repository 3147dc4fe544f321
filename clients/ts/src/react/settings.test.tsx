import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFakeLatchkey, type FakeLatchkey } from "../testing/fake-latchkey.js";
import { ko } from "../texts/ko.js";
import { LatchkeyCoreProvider, useSettings } from "./index.js";

configure({ asyncUtilTimeout: 20_000 });

let fake: FakeLatchkey;

beforeEach(() => {
  fake = createFakeLatchkey();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const page = (children: ReactNode) => (
  <LatchkeyCoreProvider client={fake.client} texts={ko}>
    {children}
  </LatchkeyCoreProvider>
);

function Policy() {
  const { data, error, refetch } = useSettings();
  return (
    <button type="button" onClick={refetch}>
      {data?.passwordPolicy?.name ?? error?.reason ?? "unknown"}
    </button>
  );
}

test("settings are asked for once for all components", async () => {
  render(
    page(
      <>
        <Policy />
        <Policy />
      </>,
    ),
  );
  expect(await screen.findAllByText("classic")).toHaveLength(2);
  expect(fake.calls).toEqual(["getSettings"]);
});

test.each(["NETWORK_FAILED", "INTERNAL", "TOO_MANY_ATTEMPTS", "ORIGIN_REFUSED"] as const)(
  "after %s they are asked for again until there is an answer",
  async (reason) => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    for (let times = 0; times < 4; times++) {
      if (reason === "NETWORK_FAILED") {
        fake.setOffline(true);
      } else {
        fake.refuseNext("getSettings", reason);
      }
    }
    render(page(<Policy />));
    await screen.findByText(reason);
    await vi.advanceTimersByTimeAsync(8_000);
    fake.setOffline(false);
    await vi.advanceTimersByTimeAsync(30_000);
    await screen.findByText("classic");
  },
);

test("they are asked for again by hand, and not twice at once", async () => {
  fake.refuseNext("getSettings", "INTERNAL");
  render(page(<Policy />));
  const button = await screen.findByText("INTERNAL");
  fireEvent.click(button);
  fireEvent.click(button);
  await screen.findByText("classic");
  expect(fake.calls).toEqual(["getSettings", "getSettings"]);
});

test("they are asked for again when the browser is online again", async () => {
  fake.setOffline(true);
  render(page(<Policy />));
  await screen.findByText("NETWORK_FAILED");
  fake.setOffline(false);
  globalThis.dispatchEvent(new Event("online"));
  await screen.findByText("classic");
});

test("they are not asked for while no component wants them, and again when one does", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  fake.setOffline(true);
  const { rerender } = render(page(<Policy />));
  await screen.findByText("NETWORK_FAILED");
  rerender(page(null));
  const asked = fake.calls.length;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(fake.calls).toHaveLength(asked);
  fake.setOffline(false);
  rerender(page(<Policy />));
  await screen.findByText("classic");
});

test("how long the server wants to be left alone is respected", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  fake.refuseNext("getSettings", "BUSY", { retryAfter: 10_000 });
  render(page(<Policy />));
  await screen.findByText("BUSY");
  await vi.advanceTimersByTimeAsync(9_000);
  expect(fake.calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2_000);
  await waitFor(() => screen.getByText("classic"));
});
