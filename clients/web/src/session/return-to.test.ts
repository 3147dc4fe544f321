import { describe, expect, test } from "vitest";
import { defaultHomePath, linkKeepingReturn, linkWithReturn, returnPath } from "./return-to";

const origin = "https://latchkey.example";
const link = (to: string) => `?${new URLSearchParams({ to })}`;

describe("after signing in one goes", () => {
  test.each([
    "/profile",
    "/activity?page=2&from=2026-01-01",
    "/devices?q=%2F%2Fevil.example",
    "/a//b",
    "/%2Fevil.example",
  ])("where one wanted to: %s", (to) => {
    expect(returnPath(link(to), origin)).toBe(to);
  });

  test.each([
    ["another host", "//evil.example"],
    ["another host behind three slashes", "///evil.example"],
    ["a backslash for a slash", "/\\evil.example"],
    ["two backslashes", "\\\\evil.example"],
    ["a tab between the slashes", "/\t/evil.example"],
    ["a line break between the slashes", "/\n/evil.example"],
    ["a dot that goes away", "/.//evil.example"],
    ["two dots that go away", "/x/..//evil.example"],
    ["an encoded dot that goes away", "/%2e//evil.example"],
    ["a dot and a backslash", "/./\\evil.example"],
    ["a script", "javascript:alert(1)"],
    ["a script behind a blank", " javascript:alert(1)"],
    ["data", "data:text/html,<script>alert(1)</script>"],
    ["a full address", "https://evil.example/profile"],
    ["a full address of our own", `${origin}/profile`],
    ["an address that begins with ours", `${origin}.evil.example/`],
    ["our name as a user name at another host", "//latchkey.example@evil.example"],
    ["an address without a host", "https:evil.example"],
    ["an address that cannot be read", "//[evil"],
    ["a path without its slash", "profile"],
    ["nothing", ""],
  ])("home instead of to %s", (_, to) => {
    expect(returnPath(link(to), origin)).toBe(defaultHomePath);
  });

  test("home when nothing is asked for, or what is encoded twice is another host", () => {
    expect(returnPath("", origin)).toBe(defaultHomePath);
    expect(returnPath("?to=%2F%2Fevil.example", origin)).toBe(defaultHomePath);
    expect(returnPath("?to=%252F%252Fevil.example", origin)).toBe(defaultHomePath);
  });
});

test("a page for signing in remembers where one comes from, and so do the pages that it leads to", () => {
  const signIn = linkWithReturn("/sign-in", { pathname: "/activity", search: "?page=2" });
  expect(signIn).toBe("/sign-in?to=%2Factivity%3Fpage%3D2");
  const { search } = new URL(signIn, origin);
  const reset = new URL(linkKeepingReturn("/reset-password", search), origin);
  expect(reset.pathname).toBe("/reset-password");
  expect(returnPath(reset.search, origin)).toBe("/activity?page=2");
});

test("the start page is no place to come back to", () => {
  expect(linkWithReturn("/sign-in", { pathname: "/", search: "" })).toBe("/sign-in");
  expect(linkKeepingReturn("/sign-up", "?utm_source=mail")).toBe("/sign-up");
});
