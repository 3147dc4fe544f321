import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";
import type { Visitor } from "./visitor";

const latchkey = runLatchkey({ LATCHKEY_CODE_RESEND_WAIT: "1s" });

test("B1: signs up with a proven address, and is signed in at home", async () => {
  const ada = await latchkey.visitor();
  await ada.opens("/");
  await ada.follows("Create account");
  await ada.fills("E-mail address", ada.person.email);
  await ada.presses("Send code");
  await ada.hasFocusOn("Code");
  await ada.sees(/^(Time left )?(10:00|9:5\d)$/);

  ada.expectRefusal("VerifyCode 400");
  const code = await ada.codeByMail();
  await ada.fills("Code", code === "000000" ? "111111" : "000000");
  await ada.seesFieldError("Code", "4 attempts left");
  await pastes(ada, `${code.slice(0, 3)} ${code.slice(3)}`);
  await ada.sees("Verified");

  await fillsIn(ada);
  await ada.fills("Password", "correct");
  await expect.poll(() => met(ada)).toEqual(["password.max_length", "password.letter"]);
  await ada.fills("Password", ada.person.password);
  await expect.poll(async () => (await met(ada)).length).toBe(6);
  await ada.fills("Repeat the password", `${ada.person.password}!`);
  await ada.page.keyboard.press("Tab");
  await ada.seesFieldError("Repeat the password", /do not match/);
  await ada.fills("Repeat the password", ada.person.password);
  await ada.presses("Create account");

  await ada.isAt("/trainer");
  await ada.seesNotice(`Welcome, ${ada.person.nickname}!`);
  await ada.reloads();
  await ada.isAt("/trainer");
  // Cookies that no script can read.
  const cookies = await ada.browser.cookies();
  expect(cookies.map(({ httpOnly }) => httpOnly)).toEqual([true, true]);
});

test("B2: a code that was sent again voids the one before", async () => {
  const ada = await latchkey.visitor();
  await ada.opens("/sign-up");
  await ada.fills("E-mail address", ada.person.email);
  await ada.presses("Send code");
  const first = await ada.codeByMail();
  await ada.presses("Send again");
  await ada.seesNotice("We sent a new code.");
  const second = await ada.codeByMail();
  if (first !== second) {
    ada.expectRefusal("VerifyCode 400");
    await ada.fills("Code", first);
    await ada.seesFieldError("Code", /attempts left|no longer valid/);
  }
  await ada.fills("Code", second);
  await ada.sees("Verified");
});

test("an address that is already in use shows an error at once, and no code is sent", async () => {
  const ada = await latchkey.member();
  const grace = await latchkey.visitor();
  const before = await latchkey.outbox.count(ada.person.email);
  await grace.opens("/sign-up");
  await grace.fills("E-mail address", ada.person.email);
  await grace.presses("Send code");
  await grace.seesFieldError("E-mail address", "already in use");
  expect(await latchkey.outbox.count(ada.person.email)).toBe(before);
});

test("what the server refuses lands below its field", async () => {
  const ada = await latchkey.member();
  const grace = await latchkey.visitor();
  await grace.opens("/sign-up");
  await grace.fills("E-mail address", grace.person.email);
  await grace.presses("Send code");
  await grace.fills("Code", await grace.codeByMail());
  await grace.sees("Verified");
  await fillsIn(grace);
  await grace.fills("Nickname", ada.person.nickname);
  await grace.fills("Password", grace.person.password);
  await grace.fills("Repeat the password", grace.person.password);
  grace.expectRefusal("SignUp 409");
  await grace.presses("Create account");
  await grace.seesFieldError("Nickname", "taken");
});

test("signs up with the keyboard alone", async () => {
  const ada = await latchkey.visitor();
  await ada.opens("/sign-up");
  await ada.tabsTo(ada.field("E-mail address"));
  await ada.types(ada.person.email);
  await ada.keys("Enter");
  await ada.hasFocusOn("Code");
  await ada.types(await ada.codeByMail());
  await ada.sees("Verified");
  for (const [label, text] of [
    ["Name", ada.person.name],
    ["Nickname", ada.person.nickname],
    ["Password", ada.person.password],
    ["Repeat the password", ada.person.password],
  ] as const) {
    await ada.tabsTo(ada.field(label));
    await ada.types(text);
  }
  await ada.keys("Tab", "Tab", "Space");
  await ada.page.getByRole("radio", { checked: true }).waitFor();
  await ada.tabsTo(ada.button("Create account"));
  await ada.keys("Enter");
  await ada.isAt("/trainee");
});

async function fillsIn(ada: Visitor) {
  await ada.fills("Name", ada.person.name);
  await ada.fills("Nickname", ada.person.nickname);
  await ada.page.getByText("Trainer", { exact: true }).click();
}

/** Pastes from the clipboard, as from a message. */
async function pastes(ada: Visitor, text: string) {
  await ada.field("Code").evaluate((field, pasted) => {
    (field as HTMLInputElement).focus();
    document.execCommand("insertText", false, pasted);
  }, text);
}

/** The rules of the list that are ticked off. */
async function met(ada: Visitor): Promise<(string | null)[]> {
  const items = ada.page.locator("[data-rule][data-met=true]");
  return Promise.all((await items.all()).map((item) => item.getAttribute("data-rule")));
}
