import type { ReactNode } from "react";
import { Outlet } from "react-router";
import { Brand } from "./brand";
import { Preferences } from "./preferences";

/** The layout of pages for signed-out users: one column, as wide as a form. */
export function EntryLayout() {
  return (
    <EntryFrame>
      <Outlet />
    </EntryFrame>
  );
}

/** The same layout around its children instead of a route. */
export function EntryFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto w-full max-w-lg px-5 pt-5">
        <Brand to="/" />
      </header>
      <main className="mx-auto w-full max-w-lg flex-1 px-3 py-5 sm:px-5">
        <div className="rounded-3xl border border-line bg-card px-5 py-7 shadow-card sm:p-9">{children}</div>
      </main>
      <Preferences />
    </div>
  );
}
