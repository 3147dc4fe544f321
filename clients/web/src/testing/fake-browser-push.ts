import { cleanup } from "@testing-library/react";
import { vi } from "vitest";

/** A browser that can show notifications, in place of the one that tests run in. */
export interface FakeBrowserPush {
  /** What somebody answers when the browser asks them. */
  answer: NotificationPermission;
  permission: NotificationPermission;
  readonly asked: () => number;
  /** Has the service worker send a message to the page, and gives whether the page answers. */
  readonly fromWorker: (message: unknown) => boolean;
  /** Whether the browser holds a subscription. */
  subscribed: boolean;
  /** How many notifications are on the screen. */
  shown: number;
}

/** Gives the page a browser with push, until the test ends. */
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

/** Takes it away again, from below pages that are closed first. */
export function removeBrowserPush(): void {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "serviceWorker");
}
