import { test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

test("redirects users to the home page of their role only", async () => {
  const trainer = await latchkey.member({ role: "trainer" });
  await trainer.opens("/sign-in");
  await trainer.signsIn();
  await trainer.isAt("/trainer");
  await trainer.opens("/trainee");
  await trainer.isAt("/trainer");

  const trainee = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(trainee);
  await trainee.opens("/trainer");
  await trainee.isAt("/trainee");
});

test("a deep link survives the sign-in and a reload, and the back button leads back", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/activity?from=mail");
  await ada.isAt("/sign-in?to=%2Factivity%3Ffrom%3Dmail");
  await ada.signsIn();
  await ada.isAt("/activity?from=mail");
  await ada.reloads();
  await ada.seesHeading("Activity");

  await ada.follows("Profile");
  await ada.isAt("/profile");
  await ada.goesBack();
  await ada.isAt("/activity?from=mail");
  // The page to sign in is no place to go back to.
  await ada.goesForward();
  await ada.isAt("/profile");
  await ada.opens("/sign-in");
  await ada.isAt("/trainee");
});

test("a page that does not exist says so, and leads home", async () => {
  const ada = await latchkey.visitor();
  await ada.opens("/no-such-page");
  await ada.seesHeading("Page not found");
  await ada.follows("Go to the start page");
  await ada.isAt("/");
});

test("a link cannot lead to another site after signing in", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in?to=https%3A%2F%2Fexample.com%2F");
  await ada.signsIn();
  await ada.isAt("/trainee");
});
