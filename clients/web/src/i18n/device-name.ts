import type { Locale } from "./locale";

const inKorean: Readonly<Record<string, string>> = {
  "Unknown device": "알 수 없는 기기",
  KakaoTalk: "카카오톡",
  NAVER: "네이버 앱",
  Whale: "웨일",
  "Samsung Internet": "삼성 인터넷",
  Instagram: "인스타그램",
  Facebook: "페이스북",
  "Android app": "안드로이드 앱",
  "Apple device": "Apple 기기",
};

const korean = (name: string) => (Object.hasOwn(inKorean, name) ? inKorean[name] : name) ?? name;

/** Translates the server's English name of a device: `Chrome on Windows` is `Windows의 Chrome` in Korean. */
export function deviceName(device: string, locale: Locale): string {
  if (locale === "en") {
    return device;
  }
  const at = device.lastIndexOf(" on ");
  return at < 0 ? korean(device) : `${korean(device.slice(at + 4))}의 ${korean(device.slice(0, at))}`;
}
