import { cleanup } from "@testing-library/react";
import { vi } from "vitest";

/** A fake of the browser APIs for push. */
export interface FakeBrowserPush {
  /** The answer of the user when the browser asks for the permission. */
  answer: NotificationPermission;
  permission: NotificationPermission;
  readonly asked: () => number;
  /** Sends a message from the service worker to the page. Reports whether the page acknowledges it. */
  readonly fromWorker: (message: unknown) => boolean;
  /** Whether the browser holds a subscription. */
  subscribed: boolean;
  /** The number of visible notifications. */
  shown: number;
}

/** Installs the fake until removeBrowserPush. */
export function fakeBrowserPush(permission: NotificationPermission = "default"): FakeBrowserPush {
  const target = new EventTarget();
  let asked = 0;
  const browser: FakeBrowserPush = {
    answer: "granted",
    permission,
    asked: () => asked,
    fromWorker(message) {
      const answers: unknown[] = [];
      const port = { postMessage: (answer: unknown) => answers.push(answer) };
      target.dispatchEvent(Object.assign(new Event("message"), { data: message, ports: [port] }));
      return answers.length > 0;
    },
    subscribed: false,
    shown: 0,
  };
  const subscription = {
    options: { applicationServerKey: null },
    unsubscribe: async () => {
      browser.subscribed = false;
      return true;
    },
  };
  const registration = {
    pushManager: { getSubscription: async () => (browser.subscribed ? subscription : null) },
    getNotifications: async () => Array.from({ length: browser.shown }, () => ({ close: () => browser.shown-- })),
  };
  const serviceWorker = Object.assign(target, {
    register: async () => registration,
    getRegistration: async () => registration,
    ready: Promise.resolve(registration),
  });
  vi.stubGlobal("Notification", {
    get permission() {
      return browser.permission;
    },
    async requestPermission() {
      asked++;
      browser.permission = browser.answer;
      return browser.permission;
    },
  });
  vi.stubGlobal("PushManager", class {});
  Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: serviceWorker });
  return browser;
}

/** Unmounts the pages, and removes the fake. */
export function removeBrowserPush(): void {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "serviceWorker");
}
