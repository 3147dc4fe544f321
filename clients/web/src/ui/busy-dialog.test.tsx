// What is under way in a dialog is neither left behind by closing it, nor told where it is not seen.
import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { notify } from "../notices/notices";
import { type Visit, visit } from "../testing/visit";

const anHourAgo = new Date(Date.now() - 3_600_000);
const dialog = () => screen.getByRole<HTMLDialogElement>("dialog");
const cancel = () => within(dialog()).getByRole("button", { name: "Cancel" });

/** Escape, as browsers tell of it; some do not ask a second time. */
function pressEscape(): void {
  if (fireEvent(dialog(), new Event("cancel", { cancelable: true }))) {
    dialog().close();
  }
}

const running: [string, string, (page: Visit) => Promise<() => void>][] = [
  [
    "deleting the account",
    "/profile/delete",
    async ({ fake, user }) => {
      const release = fake.hold("deleteAccount");
      await user.click(await screen.findByRole("button", { name: "Continue" }));
      await user.click(await screen.findByRole("button", { name: "Delete permanently" }));
      return release;
    },
  ],
  [
    "signing out a device",
    "/devices",
    async ({ fake, user }) => {
      const release = fake.hold("revokeSession");
      await user.click(await screen.findByRole("button", { name: "Sign out Chrome on Windows" }));
      await user.click(within(dialog()).getByRole("button", { name: "Sign out" }));
      return release;
    },
  ],
  [
    "proving who one is",
    "/profile/email",
    async (page) => {
      const release = page.fake.hold("reauthenticate");
      await openProof(page);
      await page.user.type(within(dialog()).getByLabelText("Password"), `${fakePassword}{Enter}`);
      return release;
    },
  ],
  [
    "sending a code",
    "/profile/email",
    async (page) => {
      await openProof(page);
      const release = page.fake.hold("sendCode");
      await page.user.click(within(dialog()).getByRole("button", { name: "Use a code instead" }));
      return release;
    },
  ],
];

async function openProof({ fake, user }: Visit): Promise<void> {
  const field = await screen.findByLabelText("E-mail address");
  await user.type(field, "countess@example.com{Enter}");
  await user.type(await screen.findByLabelText("Code"), fake.codeFor("countess@example.com"));
  await screen.findByRole("dialog", { name: "Is it really you?" });
}

function withTwoDevices(fake: FakeLatchkey, at = anHourAgo): void {
  const ada = fake.addUser({ email: "ada@example.com" });
  fake.signIn(ada, { at });
  fake.signInElsewhere(ada, { device: "Chrome on Windows" });
}

describe.each(running)("%s", (_, address, begin) => {
  test("keeps its dialog open until it is over", async () => {
    // The deletion asks for no proof of who the user is.
    const at = address === "/profile/delete" ? new Date() : anHourAgo;
    const page = visit(address, { before: (fake) => withTwoDevices(fake, at) });
    const release = await begin(page);
    await waitFor(() => expect(cancel().getAttribute("aria-disabled")).toBe("true"));
    await page.user.click(cancel());
    expect(dialog().open).toBe(true);
    pressEscape();
    expect(dialog().open).toBe(true);
    // Android's way back, say, does not ask.
    act(() => dialog().close());
    await waitFor(() => expect(dialog().open).toBe(true));
    release();
    await waitFor(() =>
      expect(screen.queryByRole("button", { name: "Cancel" })?.getAttribute("aria-disabled")).not.toBe("true"),
    );
  });
});

test("a dialog in which nothing is under way can be left", async () => {
  const page = visit("/profile/delete", { before: withTwoDevices });
  await page.user.click(await screen.findByRole("button", { name: "Continue" }));
  await screen.findByRole("dialog");
  pressEscape();
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

describe("a notice", () => {
  async function openDialog(): Promise<Visit> {
    const page = visit("/profile/delete", { before: withTwoDevices });
    await page.user.click(await screen.findByRole("button", { name: "Continue" }));
    await screen.findByRole("dialog");
    return page;
  }

  test("is shown and read out in the dialog that is open, below which all is inert", async () => {
    await openDialog();
    const region = within(dialog()).getByRole("alert");
    expect(region.textContent).toBe("");
    act(() => notify("error", "There is no connection."));
    expect(region.textContent).toContain("There is no connection.");
    expect(screen.getAllByText("There is no connection.")).toHaveLength(1);
  });

  test("goes on being shown when the dialog closes", async () => {
    const page = await openDialog();
    act(() => notify("info", "A code is on its way."));
    await page.user.click(cancel());
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByText("A code is on its way.")).toBeTruthy();
  });

  test("takes Escape for itself, and leaves the dialog open", async () => {
    await openDialog();
    act(() => notify("error", "There is no connection."));
    // Browsers close no dialog when the key was taken.
    expect(fireEvent.keyDown(cancel(), { key: "Escape" })).toBe(false);
    expect(screen.queryByText("There is no connection.")).toBeNull();
    expect(fireEvent.keyDown(cancel(), { key: "Escape" })).toBe(true);
  });
});
