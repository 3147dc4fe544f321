import { onTestFinished } from "vitest";

/** Replaces sessionStorage until the test ends. */
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

/** The storage of a browser that blocks it. */
export const blockedStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
