import { createFakeLatchkey, type FakeLatchkey, type FakeLatchkeyOptions } from "@latchkey-auth/client/testing";
import { render, screen } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { MemoryRouter, useLocation } from "react-router";
import { App } from "../app/app";

/** Somebody who looks at a page, over a Latchkey in memory. */
export interface Visit {
  readonly fake: FakeLatchkey;
  /** Types, clicks and tabs. */
  readonly user: UserEvent;
  /** The address that is shown: path and query. */
  readonly address: () => string;
}

/** Opens the pages at an address. `before` prepares what is on the server. */
export function visit(
  address: string,
  { before, ...options }: FakeLatchkeyOptions & { readonly before?: (fake: FakeLatchkey) => void } = {},
): Visit {
  const fake = createFakeLatchkey(options);
  before?.(fake);
  render(
    <MemoryRouter initialEntries={[address]}>
      <App client={fake.client} />
      <Address />
    </MemoryRouter>,
  );
  return { fake, user: userEvent.setup(), address: () => screen.getByTestId("address").textContent ?? "" };
}

function Address() {
  const { pathname, search } = useLocation();
  return (
    <output data-testid="address" hidden>
      {pathname}
      {search}
    </output>
  );
}
