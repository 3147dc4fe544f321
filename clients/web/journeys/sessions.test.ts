import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

test("signing out in one tab reaches the others", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/home");
  await ada.isAt("/trainee");
  const tab = await ada.opensTab("/profile");
  await tab.isAt("/profile");

  await ada.presses("Sign out");

  await ada.isAt("/sign-in");
  await tab.seesHeading("Sign in");
  // The cookies are gone as well.
  expect(await ada.browser.cookies()).toEqual([]);
  await tab.opens("/profile");
  await tab.isAt("/sign-in?to=%2Fprofile");
});

test("signing in in one tab reaches the others, each where it wanted to go", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in");
  const tab = await ada.opensTab("/devices");
  await tab.isAt("/sign-in?to=%2Fdevices");

  await ada.signsIn();

  await ada.isAt("/trainee");
  await tab.isAt("/devices");
});

test("ending all other sessions signs the other browser out, and says why", async () => {
  const ada = await latchkey.member();
  await latchkey.signIn(ada);
  const phone = await latchkey.otherBrowser(ada);
  await latchkey.signIn(phone);
  await phone.opens("/profile");
  await phone.seesHeading("Profile");

  await ada.opens("/devices");
  await ada.presses("Sign out all others");
  await ada.page.getByRole("dialog").getByRole("button", { name: "Sign out all others" }).click();
  await ada.sees("You are signed in on this device only.");

  phone.expectRefusal("ListSessions 401");
  await phone.follows("Devices");
  await phone.seesNotice("You were signed out");
  await phone.isAt("/sign-in?to=%2Fdevices");
  await phone.signsIn();
  await phone.isAt("/devices");
});
