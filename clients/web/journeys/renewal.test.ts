import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey({ LATCHKEY_ACCESS_TOKEN_TTL: "1s" });

test("the user does not notice that an access token expires", async () => {
  const ada = await latchkey.member({ role: "trainee" });
  await latchkey.signIn(ada);
  await ada.opens("/home");
  await ada.isAt("/trainee");

  for (const place of ["Profile", "Devices", "Activity"]) {
    await accessEnds();
    await ada.follows(place);
    await ada.seesHeading(place);
  }
  await accessEnds();
  await ada.reloads();
  await ada.seesHeading("Activity");

  // Two tabs at once, whose calls share one refresh token.
  await accessEnds();
  const tab = await ada.opensTab("/devices");
  await Promise.all([ada.reloads(), tab.reloads()]);
  await ada.seesHeading("Activity");
  await tab.seesHeading("Devices");

  async function accessEnds() {
    // Time has to pass, as the token's end is a moment of the clock.
    await expect.poll(() => accessCookies(), { interval: 50 }).toBe(0);
  }

  async function accessCookies() {
    const cookies = await ada.browser.cookies();
    return cookies.filter(({ name }) => name.startsWith("latchkey-access")).length;
  }
});
