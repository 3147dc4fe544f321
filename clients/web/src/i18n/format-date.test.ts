import { expect, test } from "vitest";
import { formatAgo, formatDay } from "./format-date";

const now = new Date("2026-03-10T12:00:00");
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [0, "just now", "방금 전"],
  [59, "just now", "방금 전"],
  [60, "1 minute ago", "1분 전"],
  [3_599, "59 minutes ago", "59분 전"],
  [3_600, "1 hour ago", "1시간 전"],
  [24 * 3_600, "yesterday", "어제"],
  [5 * 24 * 3_600, "5 days ago", "5일 전"],
  // This device's clock is behind.
  [-600, "just now", "방금 전"],
])("%i seconds ago is %s", (seconds, en, ko) => {
  expect(formatAgo(before(seconds), now, "en")).toBe(en);
  expect(formatAgo(before(seconds), now, "ko")).toBe(ko);
});

test("what is long ago has a date", () => {
  expect(formatAgo(before(40 * 24 * 3_600), now, "ko")).toBe("2026년 1월 29일");
});

test.each([
  ["2026-03-10T00:00:00", "Today", "오늘"],
  ["2026-03-09T23:59:59", "Yesterday", "어제"],
  ["2026-03-10T23:59:59", "Today", "오늘"],
  ["2026-03-08T23:59:59", "March 8, 2026", "2026년 3월 8일"],
  ["2026-03-11T00:00:00", "March 11, 2026", "2026년 3월 11일"],
])("%s is on the day %s", (at, en, ko) => {
  expect(formatDay(new Date(at), now, "en")).toBe(en);
  expect(formatDay(new Date(at), now, "ko")).toBe(ko);
});
