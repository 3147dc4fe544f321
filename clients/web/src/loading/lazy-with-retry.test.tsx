import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ReactNode, Suspense } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { blockedStorage, replaceSessionStorage } from "../testing/replace-storage";
import { ChunkErrorInline, SilentRetry } from "./chunk-error-inline";
import type { RetryLoad } from "./component-loader";
import { lazyWithRetry } from "./lazy-with-retry";

const Activity = () => <h1>Activity</h1>;

let reload: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  reload = vi.spyOn(window.location, "reload").mockImplementation(() => undefined);
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Sets the state of the server: it serves the code, it serves all but the code, or it is unreachable. */
function serverThat(has: () => "code" | "other code" | "nothing") {
  vi.stubGlobal("fetch", async () => {
    if (has() === "nothing") {
      throw new TypeError("Failed to fetch");
    }
    return new Response();
  });
  return async () => {
    if (has() !== "code") {
      throw new TypeError("Failed to fetch dynamically imported module");
    }
    return { default: Activity };
  };
}

function show(load: () => Promise<{ default: () => ReactNode }>, problem?: (retry: RetryLoad) => ReactNode) {
  const Page = lazyWithRetry(load, problem);
  render(
    <Suspense fallback="One moment…">
      <p>The rest of the page</p>
      <Page />
    </Suspense>,
  );
}

const problem = () => screen.findByRole("heading", { name: "This page could not be loaded" });
const page = () => screen.findByRole("heading", { name: "Activity" });

test("code that is there is shown", async () => {
  show(serverThat(() => "code"));
  await page();
});

test("a page that could not be loaded comes by itself once the connection is back", async () => {
  let has: "code" | "nothing" = "nothing";
  show(serverThat(() => has));
  await problem();
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  has = "code";
  act(() => void window.dispatchEvent(new Event("online")));
  await page();
  expect(reload).not.toHaveBeenCalled();
});

test("it is tried again at intervals too: not every lost connection is told", async () => {
  let has: "code" | "nothing" = "nothing";
  show(serverThat(() => has));
  await problem();
  has = "code";
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  await page();
});

test("it can be tried by hand", async () => {
  let has: "code" | "nothing" = "nothing";
  show(serverThat(() => has));
  await problem();
  has = "code";
  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
  await page();
});

describe("code that another version has replaced", () => {
  test("is had by loading the page again, once", async () => {
    show(serverThat(() => "other code"));
    await problem();
    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
    await act(() => vi.advanceTimersByTimeAsync(120_000));
    expect(reload).toHaveBeenCalledOnce();
  });

  test("is not loaded again after that, but by hand", async () => {
    sessionStorage.setItem("latchkey.reloaded", JSON.stringify([window.location.pathname, Date.now()]));
    show(serverThat(() => "other code"));
    await problem();
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(reload).not.toHaveBeenCalled();
    await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  test("never reloads a page that the browser could not tell from a page that was reloaded", async () => {
    replaceSessionStorage(blockedStorage);
    show(serverThat(() => "other code"));
    await problem();
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(reload).not.toHaveBeenCalled();
  });
});

describe("a part of a page that could not be loaded", () => {
  test("says so in its place, and leaves the rest as it is", async () => {
    let has: "code" | "other code" = "other code";
    show(
      serverThat(() => has),
      (retry) => <ChunkErrorInline retry={retry} />,
    );
    await screen.findByText(/Part of this page could not be loaded/);
    screen.getByText("The rest of the page");
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(reload).not.toHaveBeenCalled();
    has = "code";
    await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));
    await page();
  });

  test("comes later without a word where the page can do without it", async () => {
    let has: "code" | "nothing" = "nothing";
    show(
      serverThat(() => has),
      (retry) => <SilentRetry retry={retry} />,
    );
    await screen.findByText("The rest of the page");
    has = "code";
    await act(() => vi.advanceTimersByTimeAsync(30_000));
    await page();
  });
});
