import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NoticeRegion } from "./notice-region";
import { type NoticeKind, notify } from "./notices";

const show = (kind: NoticeKind, text: string) => act(() => notify(kind, text));
const shown = () => document.querySelectorAll("[data-notice]");
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("problems interrupt, everything else waits its turn; and both places are there before anything is said", () => {
  render(<NoticeRegion />);
  const status = screen.getByRole("status");
  const alert = screen.getByRole("alert");
  show("success", "Saved.");
  expect(within(status).getByText("Saved.")).toBeTruthy();
  expect(alert.textContent).toBe("");
  show("error", "Not saved.");
  expect(within(alert).getByText("Not saved.")).toBeTruthy();
  expect(status.textContent).toBe("");
  show("info", "A code is on its way.");
  expect(within(status).getByText("A code is on its way.")).toBeTruthy();
});

test("what kind of notice it is, is not told by colour alone", () => {
  render(<NoticeRegion />);
  show("error", "Not saved.");
  expect(screen.getByRole("alert").textContent).toContain("Error: Not saved.");
});

test("a newer notice replaces the older one, also with the same text", () => {
  render(<NoticeRegion />);
  show("success", "Saved.");
  const [first] = shown();
  show("success", "Saved.");
  expect(shown()).toHaveLength(1);
  expect(shown()[0]).not.toBe(first);
});

describe("a notice is gone", () => {
  test.each([
    ["success", 5_000],
    ["info", 7_000],
    ["error", 12_000],
  ] as const)("%s after %i ms", (kind, stays) => {
    render(<NoticeRegion />);
    show(kind, "So it is.");
    pass(stays - 1);
    expect(shown()).toHaveLength(1);
    pass(1);
    expect(shown()).toHaveLength(0);
  });

  test("after its own time, not after that of the one before", () => {
    render(<NoticeRegion />);
    show("success", "First.");
    pass(4_000);
    show("success", "Second.");
    pass(4_000);
    expect(screen.getByText("Second.")).toBeTruthy();
    pass(1_000);
    expect(shown()).toHaveLength(0);
  });

  test("with Escape", () => {
    render(<NoticeRegion />);
    show("error", "Not saved.");
    fireEvent.keyDown(document.body, { key: "Enter" });
    expect(shown()).toHaveLength(1);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(shown()).toHaveLength(0);
  });

  test("not while the pointer is on it", () => {
    render(<NoticeRegion />);
    show("success", "Saved.");
    fireEvent.pointerEnter(shown()[0] as Element);
    pass(60_000);
    expect(shown()).toHaveLength(1);
    fireEvent.pointerLeave(shown()[0] as Element);
    pass(5_000);
    expect(shown()).toHaveLength(0);
  });

  test("not while the focus is in it, though the pointer leaves", () => {
    render(<NoticeRegion />);
    show("success", "Saved.");
    act(() => screen.getByRole("button", { name: "Close" }).focus());
    fireEvent.pointerEnter(shown()[0] as Element);
    fireEvent.pointerLeave(shown()[0] as Element);
    pass(60_000);
    expect(shown()).toHaveLength(1);
    act(() => screen.getByRole("button", { name: "Close" }).blur());
    pass(5_000);
    expect(shown()).toHaveLength(0);
  });
});

test("closing it leads back to where one was typing", async () => {
  vi.useRealTimers();
  const user = userEvent.setup();
  render(
    <>
      <NoticeRegion />
      <input aria-label="Name" />
    </>,
  );
  const field = screen.getByLabelText("Name");
  field.focus();
  show("error", "Not saved.");
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(shown()).toHaveLength(0);
  expect(document.activeElement).toBe(field);
});
