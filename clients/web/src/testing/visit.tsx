import { createLatchkey, type Latchkey } from "@latchkey-auth/client";
import { createFakeLatchkey, type FakeLatchkey, type FakeLatchkeyOptions } from "@latchkey-auth/client/testing";
import { act, render, screen } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { useEffect } from "react";
import { MemoryRouter, type NavigateFunction, useLocation, useNavigate } from "react-router";
import { App } from "../app/app";

/** A user at a page, with a Latchkey server in memory. */
export interface Visit {
  readonly fake: FakeLatchkey;
  /** Types, clicks and presses Tab. */
  readonly user: UserEvent;
  /** Returns the current path and query. */
  readonly address: () => string;
  /** Goes through the history: -1 is one page back. */
  readonly go: (steps: number) => void;
  /** Presses the browser's back button. */
  readonly back: () => Promise<void>;
  /** Reloads the page, which loses its memory. */
  readonly reload: () => void;
}

/** Renders the application at a path, or at the last of several visited ones. `before` prepares the server. */
export function visit(
  address: string | string[],
  { before, ...options }: FakeLatchkeyOptions & { readonly before?: (fake: FakeLatchkey) => void } = {},
): Visit {
  const fake = createFakeLatchkey(options);
  before?.(fake);
  let go: NavigateFunction | undefined;
  const page = (client: Latchkey, entries: string[]) => (
    <MemoryRouter initialEntries={entries}>
      <App client={client} />
      <Address
        onNavigate={(navigate) => {
          go = navigate;
        }}
      />
    </MemoryRouter>
  );
  let shown = render(page(fake.client, [address].flat()));
  const here = () => screen.getByTestId("address").textContent ?? "";
  return {
    fake,
    user: userEvent.setup(),
    address: here,
    go: (steps) => act(() => void go?.(steps)),
    back: () => act(async () => go?.(-1)),
    reload() {
      const entries = [here()];
      shown.unmount();
      shown = render(page(createLatchkey({ transport: fake.transport }), entries));
    },
  };
}

function Address({ onNavigate }: { readonly onNavigate: (navigate: NavigateFunction) => void }) {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  useEffect(() => onNavigate(navigate), [onNavigate, navigate]);
  return (
    <output data-testid="address" hidden>
      {`${pathname}${search}`}
    </output>
  );
}
