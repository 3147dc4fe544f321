import { test } from "vitest";
import { runLatchkey } from "./latchkey";

// The other classic set-up: a proven number, and an address that need not be; with codes that end soon.
const latchkey = runLatchkey({
  LATCHKEY_SIGN_UP_PHONE: "verified",
  LATCHKEY_SIGN_UP_EMAIL: "required",
  LATCHKEY_CODE_RESEND_WAIT: "1s",
  LATCHKEY_CODE_TTL: "15s",
});

test("B1: signs up with a proven number", async () => {
  const ada = await latchkey.visitor({ locale: "ko-KR" });
  await ada.opens("/sign-up");
  await ada.seesHeading("회원가입");
  await ada.field("휴대폰 번호").pressSequentially(ada.person.phone.replaceAll("-", ""));
  await ada.presses("인증번호 받기");
  await ada.fills("인증번호", await ada.codeBySms());
  await ada.sees("인증 완료");
  await ada.fills("이메일", ada.person.email);
  await ada.fills("이름", "에이다");
  await ada.fills("닉네임", ada.person.nickname);
  await ada.fills("비밀번호", ada.person.password);
  await ada.fills("비밀번호 확인", ada.person.password);
  await ada.page.getByText("트레이너", { exact: true }).click();
  await ada.presses("가입하기");
  await ada.isAt("/trainer");
});

test("B2: a code that has ended says so, and another one works", async () => {
  const ada = await latchkey.visitor();
  await ada.opens("/sign-up");
  await ada.fills("Mobile number", ada.person.phone);
  await ada.presses("Send code");
  const code = await ada.codeBySms();
  await ada.sees("The code has expired. Please request a new one.");
  ada.expectRefusal("VerifyCode 400");
  await ada.fills("Code", code);
  await ada.seesFieldError("Code", "expired");
  await ada.presses("Send again");
  await ada.fills("Code", await ada.codeBySms());
  await ada.sees("Verified");
});
