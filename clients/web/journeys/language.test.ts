import { expect, test } from "vitest";
import { runLatchkey } from "./latchkey";

const latchkey = runLatchkey();

test("speaks the language of the browser", async () => {
  const korean = await latchkey.visitor({ locale: "ko-KR" });
  await korean.opens("/sign-in");
  await korean.seesHeading("로그인");
  expect(await korean.page.getAttribute("html", "lang")).toBe("ko");

  const german = await latchkey.visitor({ locale: "de-DE" });
  await german.opens("/sign-in");
  await german.seesHeading("Sign in");
  expect(await german.page.getAttribute("html", "lang")).toBe("en");
});

test("speaks the language that was chosen, also after a reload, and so do the messages", async () => {
  const ada = await latchkey.member({ role: "trainee", locale: "en" });
  await ada.opens("/sign-in");
  await ada.signsIn();
  await ada.isAt("/trainee");
  await Promise.all([ada.page.waitForResponse(/UpdateProfile/), ada.selects("Language", "한국어")]);
  await ada.sees("로그아웃");
  await ada.reloads();
  await ada.sees("로그아웃");
  expect(await ada.page.getAttribute("html", "lang")).toBe("ko");

  // A sign-in elsewhere sends a mail in the language of the account.
  const elsewhere = await latchkey.otherBrowser(ada, {
    locale: "en-US",
    userAgent: "Mozilla/5.0 (Macintosh) Firefox/140.0",
  });
  await latchkey.signIn(elsewhere);
  const mail = await ada.mail(({ text }) => text.includes("Firefox"));
  expect(mail.text).toMatch(/\p{Script=Hangul}/u);
  // The page follows the account, where nothing else was chosen.
  await elsewhere.opens("/home");
  await elsewhere.sees("로그아웃");
});

test("every call names the language of the page, and messages to people without an account are written in it", async () => {
  const ada = await latchkey.visitor({ locale: "en-US" });
  const languages = new Map<string, string | undefined>();
  ada.page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/latchkey.v1.")) {
      languages.set(pathname.slice(pathname.lastIndexOf("/") + 1), request.headers()["latchkey-locale"]);
    }
  });
  await ada.opens("/sign-up");
  await ada.field("E-mail address").waitFor();
  expect(Object.fromEntries(languages)).toEqual({ GetSession: "en", GetSettings: "en" });

  await ada.selects("Language", "한국어");
  await ada.fills("이메일", ada.person.email);
  await ada.presses("인증번호 받기");
  const mail = await ada.mail((message) => Boolean(message.code));
  expect(languages.get("SendCode")).toBe("ko");
  expect(mail.text).toMatch(/\p{Script=Hangul}/u);
});
