import { expect, test } from "vitest";
import { deviceName } from "./device-name";

test.each([
  ["Chrome on Windows", "Windows의 Chrome"],
  ["KakaoTalk on iPhone", "iPhone의 카카오톡"],
  ["Samsung Internet on SM-S918N", "SM-S918N의 삼성 인터넷"],
  ["Android app on SM-S918N", "SM-S918N의 안드로이드 앱"],
  ["Apple device", "Apple 기기"],
  ["curl", "curl"],
  ["Unknown device", "알 수 없는 기기"],
  ["constructor on toString", "toString의 constructor"],
])("%s is called %s in Korean", (device, ko) => {
  expect(deviceName(device, "ko")).toBe(ko);
  expect(deviceName(device, "en")).toBe(device);
});
