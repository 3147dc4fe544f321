// Two tabs of one browser on the pages of the product, with calls that are under way while the session is replaced.
import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";
import type { Visitor } from "./visitor";

const latchkey = runLatchkey({}, { slow: true });

// What the server says ten minutes after a sign-in. ErrorDetail holds nothing but the reason, in protobuf.
const recentSignInRequired = {
  status: 400,
  body: {
    code: "failed_precondition",
    message: "sign in again",
    details: [{ type: "latchkey.v1.ErrorDetail", value: Buffer.from([8, 25]).toString("base64") }],
  },
};

/** Ada at two tabs: about to change her number at the one, at home at the other. */
async function atTwoTabs(): Promise<[Visitor, Visitor]> {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/profile/phone");
  const tab = await ada.opensTab("/home");
  await tab.isAt("/trainee");
  // What a page has asked for is given up when it is left.
  await tab.page.waitForLoadState("networkidle");
  return [ada, tab];
}

/** Proves a number, and is asked whether it is really her. */
async function isAskedAgain(ada: Visitor): Promise<void> {
  ada.expectRefusal("ChangeContact 400");
  latchkey.proxy.respondOnce("ChangeContact", recentSignInRequired);
  await ada.fills("Mobile number", ada.person.phone);
  await ada.presses("Send code");
  await ada.fills("Code", await ada.codeBySms());
  await ada.seesHeading("Is it really you?");
}

test("a change that asks for the password once more is made, and neither tab is signed out", async () => {
  const [ada, tab] = await atTwoTabs();
  await isAskedAgain(ada);
  const proof = latchkey.proxy.holdResponse("Reauthenticate");
  await ada.fills("Password", ada.person.password);
  await ada.presses("Continue");
  await proof.reached;
  // The session stays the same one, so the other tab goes on.
  await tab.follows("Activity");
  proof.release();

  await ada.seesNotice("Your mobile number is verified.");
  await ada.isAt("/profile");
  await tab.sees("Signed in");
  expect(tab.address).toBe("/activity");
  await tab.seesNot(/You were signed out/);
  await ada.follows("Devices");
  await ada.sees("This device");
});

test("another person who signs in at one tab is whom the other one shows, and what was typed is not saved for them", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  const grace = await latchkey.member({ role: "trainer" });
  await latchkey.signIn(ada);
  await ada.opens("/profile");
  await ada.seesHeading("Profile");
  const tab = await ada.opensTab("/profile");
  await tab.fills("Nickname", "of-ada");

  await ada.presses("Sign out");
  await ada.isAt("/sign-in");
  await ada.fillsSignIn(grace.person.email, grace.person.password);
  await ada.presses("Sign in");
  await ada.isAt("/trainer");
  await tab.seesHeading(new RegExp(grace.person.nickname));
  expect(tab.address).toBe("/trainer");
  await tab.follows("Profile");
  await expect.poll(() => tab.field("Nickname").inputValue()).toBe(grace.person.nickname);
});

test("a nickname that was changed stays changed, though an older answer comes later", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/profile");
  await ada.seesHeading("Profile");
  const old = latchkey.proxy.holdResponse("GetSession");
  const tab = await ada.opensTab("/profile");
  await old.reached;
  await ada.fills("Nickname", `${ada.person.nickname}-2`);
  await ada.presses("Save changes");
  await ada.seesNotice(/saved/i);
  old.release();
  await expect.poll(() => tab.field("Nickname").inputValue()).toBe(`${ada.person.nickname}-2`);
  await ada.follows("Home");
  await ada.seesHeading(new RegExp(`${ada.person.nickname}-2`));
});
