// In every field stands what was typed into it, key by key, whatever that is.
import { type FakeLatchkey, fakePassword } from "@latchkey-auth/client/testing";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { type Visit, visit } from "../testing/visit";

const identifierLabel = "E-mail address or mobile number";
const signedIn = (fake: FakeLatchkey) => fake.signIn(fake.addUser({ email: "ada@example.com", nickname: "ada" }));
const byCode = async ({ user }: Visit) => {
  await user.click(await screen.findByRole("button", { name: "Use a code instead" }));
  await screen.findByRole("button", { name: "Send code" });
};
const askCode = async ({ user }: Visit) => {
  await user.type(await screen.findByLabelText("E-mail address"), "ada@example.com{Enter}");
};

const fields: [
  page: string,
  label: string,
  before?: ((fake: FakeLatchkey) => void) | undefined,
  open?: (page: Visit) => Promise<void>,
][] = [
  ["/sign-in", identifierLabel],
  ["/sign-in", identifierLabel, undefined, byCode],
  ["/sign-in", "Password"],
  ["/reset-password", identifierLabel],
  ["/sign-up", "E-mail address"],
  ["/sign-up", "Mobile number (optional)"],
  ["/sign-up", "Name"],
  ["/sign-up", "Nickname"],
  ["/sign-up", "Password"],
  ["/sign-up", "Repeat the password"],
  ["/sign-up", "Code", undefined, askCode],
  ["/profile", "Name", signedIn],
  ["/profile", "Nickname", signedIn],
  ["/profile/phone", "Mobile number", signedIn],
  ["/profile/email", "E-mail address", signedIn],
  ["/profile/password", "Current password", signedIn],
];

const texts = [
  "0426lee@naver.com",
  "01012345678",
  "+82 10 1234 5678",
  "0101234",
  " 010 ",
  "０１０１２３４",
  "15881234x",
  "12 34-5a6",
  "  Ada  Lovelace ",
  "이서연",
];

const isWhole = (code: string) => /^\d{6}$/.test(code.normalize("NFKC").replace(/\D/g, ""));

describe.each(fields)("at %s, %s", (address, label, before, open) => {
  test("holds what is typed, after each key", async () => {
    const page = visit(address, before && { before });
    await open?.(page);
    const field = await screen.findByLabelText<HTMLInputElement>(label);
    for (const text of texts) {
      await page.user.clear(field);
      let typed = "";
      for (const key of text) {
        if (label === "Code" && isWhole(typed + key)) {
          // A whole code is entered at once, and a wrong one makes room for the next.
          break;
        }
        await page.user.keyboard(key);
        typed += key;
        expect(field.value).toBe(typed);
      }
    }
  });
});

test("a number is shown as people write it once its field is left, and as it was typed when they come back", async () => {
  const { user } = visit("/sign-in");
  const field = await screen.findByLabelText<HTMLInputElement>(identifierLabel);
  await user.type(field, "01012345678");
  expect(field.value).toBe("01012345678");
  await user.tab();
  expect(field.value).toBe("010-1234-5678");
  await user.click(field);
  expect(field.value).toBe("01012345678");
  await user.type(field, "@naver.com");
  await user.tab();
  expect(field.value).toBe("01012345678@naver.com");
});

test("what begins like a number signs in as the address that it is", async () => {
  const { user, address } = visit("/sign-in", { before: (fake) => fake.addUser({ email: "0426lee@naver.com" }) });
  await user.type(await screen.findByLabelText(identifierLabel), "0426lee@naver.com");
  await user.type(screen.getByLabelText("Password"), `${fakePassword}{Enter}`);
  await waitFor(() => expect(address()).toBe("/trainee"));
});

test("a digit in the middle is put where the cursor is, which stays there", async () => {
  const { user } = visit("/sign-up");
  const field = await screen.findByLabelText<HTMLInputElement>("Mobile number (optional)");
  await user.type(field, "0101234567");
  await user.type(field, "9", { initialSelectionStart: 3, initialSelectionEnd: 3 });
  expect(field.value).toBe("01091234567");
  expect(field.selectionStart).toBe(4);
});

test("an autofilled value is not formatted until the user focuses the field", async () => {
  visit("/sign-in");
  const field = await screen.findByLabelText<HTMLInputElement>(identifierLabel);
  screen.getByLabelText("Password").focus();
  fireEvent.input(field, { target: { value: "01012345678" } });
  expect(field.value).toBe("01012345678");
});

test("what a browser fills in without a word is not called missing", async () => {
  const { user, address } = visit("/sign-in", { before: (fake) => fake.addUser({ email: "ada@example.com" }) });
  fillInSilence(await screen.findByLabelText(identifierLabel), "ada@example.com");
  fillInSilence(screen.getByLabelText("Password"), fakePassword);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(address()).toBe("/trainee"));
});

test("a code is sent to what a browser has filled in without a word", async () => {
  const { user } = visit("/sign-up");
  fillInSilence(await screen.findByLabelText("E-mail address"), "ada@example.com");
  await user.click(screen.getByRole("button", { name: "Send code" }));
  await screen.findByText("We sent a code to ada@example.com.");
});

/** Sets a value as browsers do, past what React sees. */
function fillInSilence(field: HTMLElement, value: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, value);
}

describe("a code", () => {
  async function enter(text: (code: string) => string): Promise<void> {
    const page = visit("/sign-up");
    await askCode(page);
    const field = await screen.findByLabelText<HTMLInputElement>("Code");
    field.focus();
    await page.user.paste(text(page.fake.codeFor("ada@example.com")));
    await screen.findByText("Verified");
  }

  const wide = (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

  test.each<[string, (code: string) => string]>([
    ["alone", (code) => code],
    ["with blanks", (code) => ` ${code.slice(0, 3)} ${code.slice(3)} `],
    ["with a hyphen", (code) => `${code.slice(0, 3)}-${code.slice(3)}`],
    ["in wide digits", wide],
    ["in its message", (code) => `[Latchkey] 인증번호 ${code} (10분)`],
    ["with an invisible character", (code) => `\u200b${code}\u200b`],
  ])("is understood %s", (_, text) => enter(text));

  test("that is none is not sent, and says so", async () => {
    const page = visit("/sign-up");
    await askCode(page);
    const field = await screen.findByLabelText<HTMLInputElement>("Code");
    await page.user.type(field, "12ab{Enter}");
    await screen.findByText("A code is six digits.");
    expect(field.value).toBe("12ab");
    expect(page.fake.calls).not.toContain("verifyCode");
  });

  test("is sent once while a keyboard composes it", async () => {
    const page = visit("/sign-up");
    await askCode(page);
    const field = await screen.findByLabelText<HTMLInputElement>("Code");
    const code = wide(page.fake.codeFor("ada@example.com"));
    fireEvent.compositionStart(field);
    fireEvent(field, composing(field, code));
    expect(page.fake.calls).not.toContain("verifyCode");
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    expect(page.fake.calls).not.toContain("verifyCode");
    fireEvent.compositionEnd(field);
    await screen.findByText("Verified");
    expect(page.fake.calls.filter((call) => call === "verifyCode")).toHaveLength(1);
  });
});

function composing(field: HTMLInputElement, value: string): Event {
  fillInSilence(field, value);
  return new InputEvent("input", { bubbles: true, isComposing: true });
}

test("Enter leads to the next empty field, and sends the form once all are filled in", async () => {
  const { fake, user, address } = visit("/sign-in", {
    before: (server) => server.addUser({ email: "ada@example.com" }),
  });
  const field = await screen.findByLabelText(identifierLabel);
  expect(document.activeElement).toBe(field);
  await user.type(field, "ada@example.com{Enter}");
  expect(document.activeElement).toBe(screen.getByLabelText("Password"));
  expect(fake.calls).not.toContain("signIn");
  await user.type(screen.getByLabelText("Password"), fakePassword);
  await user.type(field, "{Enter}");
  await waitFor(() => expect(address()).toBe("/trainee"));
});

test("blanks at the ends are neither a change of the profile nor an error", async () => {
  const { fake, user } = visit("/profile", { before: signedIn });
  const nickname = await screen.findByLabelText<HTMLInputElement>("Nickname");
  await user.type(nickname, "  ");
  await screen.findByRole("button", { name: "Nothing to save" });
  expect(nickname.getAttribute("aria-invalid")).toBeNull();
  await user.clear(nickname);
  await user.type(nickname, " countess\u200b ");
  await user.click(screen.getByRole("button", { name: "Save changes" }));
  await screen.findByText("Your changes were saved.");
  expect(fake.client.session.getSnapshot().user?.nickname).toBe("countess");
  expect(nickname.value).toBe("countess");
});
