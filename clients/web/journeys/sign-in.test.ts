import { test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

test("signs in by the phone number, however it is written", async () => {
  const ada = await latchkey.member({ role: "trainee", withPhone: true });
  await ada.opens("/sign-in");
  await ada.fillsSignIn(ada.person.phone.replaceAll("-", " "));
  await ada.presses("Sign in");
  await ada.isAt("/trainee");
});

test("a wrong password shows an error that does not say what was wrong, and can be corrected", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in");
  ada.expectRefusal("SignIn 401");
  await ada.fillsSignIn(ada.person.email, "Wrong-horse1");
  await ada.presses("Sign in");
  await ada.sees(/password is wrong/);
  await ada.hasFocusOn("Password");
  await ada.types(ada.person.password);
  await ada.keys("Enter");
  await ada.isAt("/trainee");
});

test("signs in with a code instead of a password", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in");
  await ada.fills("E-mail address or mobile number", ada.person.email);
  await ada.presses("Use a code instead");
  await ada.presses("Send code");
  await ada.fills("Code", await ada.codeByMail());
  await ada.isAt("/trainee");
});

test("sets a new password for one that was forgotten, which ends every session", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  const phone = await latchkey.otherBrowser(ada);
  await latchkey.signIn(phone);
  await phone.opens("/profile");
  await phone.seesHeading("Profile");

  await ada.opens("/sign-in");
  await ada.follows("Forgot your password?");
  await ada.seesHeading("Reset your password");
  await ada.fills("E-mail address or mobile number", ada.person.email);
  await ada.presses("Send code");
  await ada.fills("Code", await ada.codeByMail());
  await ada.seesHeading("Choose a new password");
  await ada.fills("New password", "Quicker-fox2");
  await ada.fills("Repeat the new password", "Quicker-fox3");
  await ada.presses("Set new password");
  await ada.seesFieldError("Repeat the new password", "The passwords do not match.");
  await ada.fills("Repeat the new password", "Quicker-fox2");
  await ada.presses("Set new password");
  await ada.seesNotice("Your new password is set.");
  await ada.hasFocusOn("Password");
  await ada.types("Quicker-fox2");
  await ada.keys("Enter");
  await ada.isAt("/trainee");

  phone.expectRefusal("ListSessions 401");
  await phone.follows("Devices");
  await phone.seesNotice("You were signed out");
});

test("signs in with the keyboard alone", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in");
  await ada.tabsTo(ada.field("E-mail address or mobile number"));
  await ada.types(ada.person.email);
  await ada.tabsTo(ada.field("Password"));
  await ada.types(ada.person.password);
  await ada.keys("Enter");
  await ada.isAt("/trainee");
  await ada.tabsTo(ada.button("Sign out"));
  await ada.keys("Enter");
  await ada.isAt("/sign-in");
});
