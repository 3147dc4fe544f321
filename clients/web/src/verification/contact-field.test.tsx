import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { alert, askForCode, below, label } from "../testing/sign-up-steps";
import { visit } from "../testing/visit";

const address = "ada@example.com";

afterEach(() => vi.restoreAllMocks());

/** A code that is not the one that was sent. */
const wrong = "000000";

test("says what is wrong with an address before anything is sent", async () => {
  const page = visit("/sign-up");
  const email = await screen.findByLabelText(label.email);
  await page.user.type(email, "ada{Enter}");
  await waitFor(() => expect(below(email)).toContain("name@example.com"));
  expect(document.activeElement).toBe(email);
  expect(page.fake.calls).not.toContain("sendCode");
});

test("says that an address is already in use, and sends no code", async () => {
  const page = visit("/sign-up", { before: (fake) => fake.addUser({ email: address }) });
  const email = await screen.findByLabelText(label.email);
  await page.user.type(email, `${address}{Enter}`);
  await waitFor(() => expect(below(email)).toContain("already in use"));
  expect(page.fake.calls).not.toContain("sendCode");
  await page.user.clear(email);
  await page.user.type(email, "grace@example.com");
  await waitFor(() => expect(below(email)).toBe(""));
});

test("has a field for the code with the time that is left, and no second code for a minute", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  const code = screen.getByLabelText(label.code);
  expect(document.activeElement).toBe(code);
  expect(below(code)).toContain(`We sent a code to ${address}.`);
  expect(code.getAttribute("autocomplete")).toBe("one-time-code");
  expect(code.getAttribute("inputmode")).toBe("numeric");
  expect(screen.getByRole("timer").textContent).toMatch(/(10:00|9:5\d)$/);
  const again = screen.getByRole("button", { name: /^Send again in (60|5\d) s$/ });
  expect((again as HTMLButtonElement).disabled).toBe(true);
});

test("shows how many attempts a wrong code leaves, and accepts the right one after it", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  const code = screen.getByLabelText(label.code) as HTMLInputElement;
  await page.user.type(code, wrong);
  await waitFor(() => expect(below(code)).toContain("The code is wrong. 4 attempts left."));
  expect(code.value).toBe("");
  expect(document.activeElement).toBe(code);
  const right = page.fake.codeFor(address);
  await page.user.paste(` ${right.slice(0, 3)} ${right.slice(3)} `);
  await screen.findByText("Verified");
  expect((screen.getByLabelText(label.email) as HTMLInputElement).readOnly).toBe(true);
});

test("says that a code is spent after its last try, and that one has expired", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  const code = screen.getByLabelText(label.code);
  for (const left of ["4 attempts", "3 attempts", "2 attempts", "1 attempt"]) {
    await page.user.type(code, wrong);
    await waitFor(() => expect(below(code)).toContain(`The code is wrong. ${left} left.`));
  }
  await page.user.type(code, wrong);
  await waitFor(() => expect(below(code)).toContain("no longer valid"));
  page.fake.refuseNext("verifyCode", "CODE_EXPIRED");
  await page.user.type(code, wrong);
  await waitFor(() => expect(below(code)).toContain("The code has expired. Please request a new one."));
});

test("takes another address", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  await page.user.click(screen.getByRole("button", { name: "Change" }));
  const email = screen.getByLabelText(label.email) as HTMLInputElement;
  await waitFor(() => expect(document.activeElement).toBe(email));
  expect(email.readOnly).toBe(false);
  expect(screen.queryByLabelText(label.code)).toBeNull();
  await page.user.clear(email);
  await askForCode(page, label.email, "grace@example.com");
  expect(below(screen.getByLabelText(label.code))).toContain("grace@example.com");
});

test("says how long to wait when too many codes were sent", async () => {
  const page = visit("/sign-up", {
    before: (fake) => fake.refuseNext("sendCode", "TOO_MANY_SENDS", { retryAfter: 25 * 60_000 }),
  });
  await page.user.type(await screen.findByLabelText(label.email), `${address}{Enter}`);
  await waitFor(() => expect(alert()).toContain("Too many messages were sent. Please try again in 25 minutes."));
  expect(screen.queryByLabelText(label.code)).toBeNull();
});

test("sends again when the time has come, which voids the code before", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  const first = page.fake.codeFor(address);
  inTime(61_000);
  await page.user.click(await screen.findByRole("button", { name: "Send again" }));
  await waitFor(() => expect(page.fake.codeFor(address)).not.toBe(first));
  await screen.findByText("We sent a new code. The previous one no longer works.");
  const code = screen.getByLabelText(label.code);
  await page.user.type(code, first);
  await waitFor(() => expect(below(code)).toContain("The code is wrong."));
  await page.user.type(code, page.fake.codeFor(address));
  await screen.findByText("Verified");
});

test("shows the wait at the button when a code cannot be sent again yet", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  inTime(61_000);
  page.fake.refuseNext("sendCode", "TOO_MANY_SENDS", { retryAfter: 300_000 });
  await page.user.click(await screen.findByRole("button", { name: "Send again" }));
  await screen.findByRole("button", { name: /^Send again in (300|29\d) s$/ });
  expect(below(screen.getByLabelText(label.code))).toContain("Please try again in 5 minutes.");
});

test("says that the code has expired when its time is over", async () => {
  const page = visit("/sign-up");
  await askForCode(page, label.email, address);
  inTime(601_000);
  await screen.findByText("The code has expired. Please request a new one.");
});

/** Sets the clock of the device on; what counts seconds sees it. */
function inTime(milliseconds: number): void {
  const now = Date.now() + milliseconds;
  vi.spyOn(Date, "now").mockImplementation(() => now);
}
