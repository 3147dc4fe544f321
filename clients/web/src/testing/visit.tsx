import { createFakeLatchkey, type FakeLatchkey, type FakeLatchkeyOptions } from "@latchkey-auth/client/testing";
import { act, render, screen } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { MemoryRouter, useLocation, useNavigate } from "react-router";
import { App } from "../app/app";

/** Somebody who looks at a page, over a Latchkey in memory. */
export interface Visit {
  readonly fake: FakeLatchkey;
  /** Types, clicks and tabs. */
  readonly user: UserEvent;
  /** The address that is shown: path and query. */
  readonly address: () => string;
  /** Presses the browser's back button. */
  readonly back: () => Promise<void>;
}

/** Opens the pages at an address. `before` prepares what is on the server. */
export function visit(
  address: string,
  { before, ...options }: FakeLatchkeyOptions & { readonly before?: (fake: FakeLatchkey) => void } = {},
): Visit {
  const fake = createFakeLatchkey(options);
  before?.(fake);
  let goBack = () => {};
  render(
    <MemoryRouter initialEntries={[address]}>
      <App client={fake.client} />
      <Address />
      <Back
        offer={(go) => {
          goBack = go;
        }}
      />
    </MemoryRouter>,
  );
  return {
    fake,
    user: userEvent.setup(),
    address: () => screen.getByTestId("address").textContent ?? "",
    back: () => act(async () => goBack()),
  };
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

function Back({ offer }: { readonly offer: (goBack: () => void) => void }) {
  const navigate = useNavigate();
  offer(() => void navigate(-1));
  return null;
}
