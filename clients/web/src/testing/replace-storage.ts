import { onTestFinished } from "vitest";

/** Gives the page another sessionStorage, until the test ends. */
export function replaceSessionStorage(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">): void {
  const own = window.sessionStorage;
  Object.defineProperty(window, "sessionStorage", { configurable: true, value: storage });
  onTestFinished(() => {
    Object.defineProperty(window, "sessionStorage", { configurable: true, value: own });
  });
}

function refuse(): never {
  throw new DOMException("The operation is insecure.", "SecurityError");
}

/** What a browser gives a page that may keep nothing. */
export const blockedStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
