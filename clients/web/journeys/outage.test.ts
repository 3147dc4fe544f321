import { test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

test("a page that is open while the server restarts goes on afterwards", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/profile");
  await ada.seesHeading("Profile");

  ada.allowOutage(true);
  await latchkey.server.stop();
  await ada.follows("Devices");
  // The code of that page was never loaded. It comes by itself.
  await ada.seesHeading("This page could not be loaded");
  await latchkey.server.restart();
  await ada.sees("This device");
  ada.allowOutage(false);

  await ada.reloads();
  await ada.sees("This device");
});

test("a page that is opened while the server is down comes by itself once it is back", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/profile");
  await ada.seesHeading("Profile");

  // The page is loaded, as from a cache. Only the calls fail.
  ada.allowOutage(true);
  await ada.browser.route("**/latchkey.v1.*/**", (route) => route.abort("connectionrefused"));
  await ada.reloads();
  await ada.seesHeading("We cannot reach the server");
  await ada.browser.unroute("**/latchkey.v1.*/**");
  await ada.seesHeading("Profile");
  ada.allowOutage(false);
});

test("an offline user sees a notice, keeps the typed values, and continues when online", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await ada.opens("/sign-in");
  await ada.fillsSignIn();
  ada.allowOutage(true);
  await ada.browser.setOffline(true);
  await ada.presses("Sign in");
  await ada.seesNotice(/connection|reach/i);
  await ada.browser.setOffline(false);
  ada.allowOutage(false);
  await ada.presses("Sign in");
  await ada.isAt("/trainee");
});
