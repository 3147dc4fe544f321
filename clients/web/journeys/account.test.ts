import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

test("changes the name, and every page knows at once", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/profile");
  await ada.fills("Nickname", `${ada.person.nickname}-2`);
  await ada.presses("Save changes");
  await ada.seesNotice(/saved/i);
  await ada.follows("Home");
  await ada.seesHeading(new RegExp(`${ada.person.nickname}-2`));
});

test("adds a number, and signs in by it", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/profile/phone");
  await ada.fills("Mobile number", ada.person.phone);
  await ada.presses("Send code");
  await ada.fills("Code", await ada.codeBySms());
  await ada.seesNotice("Your mobile number is verified.");
  await ada.presses("Sign out");
  await ada.isAt("/sign-in");
  await ada.fillsSignIn(ada.person.phone);
  await ada.presses("Sign in");
  await ada.isAt("/trainee");
});

test("changes the password, which ends the other sessions and not this one", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  const phone = await latchkey.otherBrowser(ada);
  await latchkey.signIn(phone);
  await phone.opens("/home");
  await phone.isAt("/trainee");

  await ada.opens("/profile/password");
  ada.expectRefusal("ChangePassword 401");
  await ada.fills("Current password", "Wrong-horse1");
  await ada.fills("New password", "Quicker-fox2");
  await ada.fills("Repeat the new password", "Quicker-fox2");
  await ada.presses("Change password");
  await ada.seesFieldError("Current password", "This is not your current password.");
  await ada.fills("Current password", ada.person.password);
  await ada.presses("Change password");
  await ada.seesNotice("Your password was changed.");

  await ada.follows("Activity");
  await ada.sees(/password/i);
  phone.expectRefusal("ListActivity 401");
  await phone.follows("Activity");
  await phone.isAt("/sign-in?to=%2Factivity");
});

test("deletes the account after a second question", async () => {
  const ada = await latchkey.member();
  await latchkey.signIn(ada);
  await ada.opens("/profile");
  await ada.follows("Delete account");
  await ada.presses("Continue");
  await ada.presses("Delete permanently");
  await ada.seesNotice("Your account was deleted.");
  await ada.isAt("/");
  expect(await ada.browser.cookies()).toEqual([]);
  ada.expectRefusal("SignIn 401");
  await ada.opens("/sign-in");
  await ada.signsIn();
  await ada.sees(/password is wrong/);
});

test("the link of a mail about a sign-in signs that device out, and leads to a new password", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  const thief = await latchkey.otherBrowser(ada, { userAgent: "Mozilla/5.0 (Macintosh) Firefox/140.0" });
  await latchkey.signIn(thief);
  await thief.opens("/profile");
  await thief.seesHeading("Profile");

  const mail = await ada.mail(({ text }) => text.includes("/sessions/disown?"));
  const link = /https?:\/\/\S+\/sessions\/disown\S+/.exec(mail.text)?.[0] ?? "";
  await ada.page.goto(link);
  await ada.presses("That was not me. Sign it out");
  await ada.seesHeading("That device is signed out");
  await ada.follows("Make a new password");
  await ada.seesHeading("Reset your password");

  thief.expectRefusal("ListSessions 401");
  await thief.follows("Devices");
  await thief.seesNotice("You were signed out");
});

test("the outbox is one click away in development", async () => {
  const ada = await latchkey.visitor();
  await ada.opens("/sign-in");
  const [outbox] = await Promise.all([ada.browser.waitForEvent("page"), ada.follows("Outbox (development)")]);
  await outbox.getByRole("heading", { name: "Outbox" }).waitFor();
});
