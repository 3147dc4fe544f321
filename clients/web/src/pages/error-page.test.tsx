import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { lazy, Suspense } from "react";
import { Link, MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ErrorBoundary } from "./error-page";

// React writes to the console what a boundary has caught.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

function visitWith(Broken: React.ComponentType) {
  const Home = () => <Link to="/broken">To the broken page</Link>;
  render(
    <MemoryRouter>
      <ErrorBoundary>
        <Suspense fallback="One moment…">
          <Routes>
            <Route path="/" element={<Home />} />
            <Route path="/broken" element={<Broken />} />
          </Routes>
        </Suspense>
      </ErrorBoundary>
      <Link to="/">Elsewhere</Link>
    </MemoryRouter>,
  );
}

test.each([
  [
    "code that cannot be loaded",
    lazy(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module"))),
  ],
  [
    "a page that fails",
    () => {
      throw new Error("a defect");
    },
  ],
])("%s is told, never what exactly it was", async (_, Broken) => {
  visitWith(Broken as React.ComponentType);
  const user = userEvent.setup();
  await user.click(screen.getByRole("link", { name: "To the broken page" }));
  await screen.findByRole("heading", { name: "Something went wrong" });
  expect(document.body.textContent).not.toMatch(/defect|dynamically/);
  expect(screen.getAllByRole("main")).toHaveLength(1);
});

test("loading again loads the page again", async () => {
  const reload = vi.spyOn(window.location, "reload").mockImplementation(() => undefined);
  visitWith(lazy(() => Promise.reject(new TypeError("Failed to fetch"))));
  const user = userEvent.setup();
  await user.click(screen.getByRole("link", { name: "To the broken page" }));
  await user.click(await screen.findByRole("button", { name: "Reload" }));
  expect(reload).toHaveBeenCalledOnce();
});

test("another page is shown though the last one has failed", async () => {
  visitWith(lazy(() => Promise.reject(new TypeError("Failed to fetch"))));
  const user = userEvent.setup();
  await user.click(screen.getByRole("link", { name: "To the broken page" }));
  await screen.findByRole("heading", { name: "Something went wrong" });
  await user.click(screen.getByRole("link", { name: "Elsewhere" }));
  await screen.findByRole("link", { name: "To the broken page" });
  expect(screen.queryByRole("heading", { name: "Something went wrong" })).toBeNull();
});
