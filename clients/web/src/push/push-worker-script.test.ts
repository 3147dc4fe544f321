import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";

const source = readFileSync("public/push-worker.js", "utf8");

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
const safari =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

interface Window {
  readonly url: string;
  readonly visibilityState: "visible" | "hidden";
  /** Whether the page shows what it is given. */
  readonly hears?: boolean;
}

/** Runs the worker in a scope of the test, with windows of ours. */
function startWorker(windows: readonly Window[] = [], userAgent = chrome) {
  const listeners = new Map<string, (event: unknown) => void>();
  const pages = windows.map(({ hears = true, ...window }) => ({
    ...window,
    focus: vi.fn(),
    postMessage: vi.fn((_: unknown, ports?: readonly MessagePort[]) => hears && ports?.[0]?.postMessage("heard")),
  }));
  const showNotification = vi.fn(async (_title: string, _options: object) => undefined);
  const openWindow = vi.fn(async (_url: string) => null);
  const scope = {
    addEventListener: (type: string, listener: (event: unknown) => void) => listeners.set(type, listener),
    location: new URL("https://latchkey.test/push-worker.js"),
    navigator: { userAgent },
    registration: { showNotification },
    clients: { matchAll: async () => pages, openWindow },
  };
  new Function("self", source)(scope);

  async function dispatch(type: string, event: object) {
    const work: Promise<unknown>[] = [];
    listeners.get(type)?.({ ...event, waitUntil: (promise: Promise<unknown>) => work.push(promise) });
    await Promise.all(work);
  }

  return {
    pages,
    showNotification,
    openWindow,
    push: (message: unknown) => dispatch("push", { data: { json: () => message } }),
    pushText: () => dispatch("push", { data: { json: () => JSON.parse("no JSON") } }),
    click: (data: unknown) => dispatch("notificationclick", { notification: { close() {}, data } }),
    change: () => dispatch("pushsubscriptionchange", {}),
  };
}

// As Firebase delivers it.
const message = {
  notification: { title: "새로운 로그인", body: "<b>Chrome</b> on Windows" },
  data: { link: "/devices" },
  from: "123456789012",
  fcmMessageId: "b1f1",
};

test("shows a notification while no page is visible", async () => {
  const worker = startWorker([{ url: "https://latchkey.test/home", visibilityState: "hidden" }]);
  await worker.push(message);
  expect(worker.showNotification).toHaveBeenCalledExactlyOnceWith("새로운 로그인", {
    body: "<b>Chrome</b> on Windows",
    icon: "/icon-192.png",
    data: { link: "https://latchkey.test/devices" },
  });
  expect(worker.pages[0]?.postMessage).not.toHaveBeenCalled();
});

test("passes it to the visible page", async () => {
  const worker = startWorker([{ url: "https://latchkey.test/home", visibilityState: "visible" }]);
  await worker.push(message);
  expect(worker.pages[0]?.postMessage.mock.calls[0]?.[0]).toEqual({
    kind: "notification",
    title: "새로운 로그인",
    body: "<b>Chrome</b> on Windows",
  });
  expect(worker.showNotification).not.toHaveBeenCalled();
});

test("shows a notification if the page says nothing of having shown it", async () => {
  vi.useFakeTimers();
  const worker = startWorker([{ url: "https://latchkey.test/sign-in", visibilityState: "visible", hears: false }]);
  const pushed = worker.push(message);
  await vi.runAllTimersAsync();
  await pushed;
  vi.useRealTimers();
  expect(worker.showNotification).toHaveBeenCalledOnce();
});

test("shows every push as a notification where the browser counts them", async () => {
  const worker = startWorker([{ url: "https://latchkey.test/home", visibilityState: "visible" }], safari);
  await worker.push(message);
  expect(worker.showNotification).toHaveBeenCalledOnce();
});

test("shows something of a push that it cannot read", async () => {
  const worker = startWorker();
  await worker.pushText();
  await worker.push({ notification: { title: 7, body: { a: 1 } }, data: null });
  for (const [title, options] of worker.showNotification.mock.calls) {
    expect([title, options]).toEqual(["Latchkey", { body: "", icon: "/icon-192.png", data: { link: undefined } }]);
  }
  expect(worker.showNotification).toHaveBeenCalledTimes(2);
});

test.each([
  ["/sessions/disown?secret=a", "https://latchkey.test/sessions/disown?secret=a"],
  ["https://latchkey.test/activity", "https://latchkey.test/activity"],
  ["https://evil.test/", undefined],
  ["//evil.test/", undefined],
  ["\\\\evil.test", undefined],
  ["https://latchkey.test@evil.test/", undefined],
  ["http://latchkey.test/", undefined],
  ["javascript:alert(1)", undefined],
  ["blob:https://latchkey.test/3e1e", undefined],
  ["https://", undefined],
  ["", undefined],
  [7, undefined],
])("of the link %j, keeps %j", async (link, kept) => {
  const worker = startWorker();
  await worker.push({ ...message, data: { link } });
  expect(worker.showNotification.mock.calls[0]?.[1]).toMatchObject({ data: { link: kept } });
});

test("takes the link that Firebase was given for browsers", async () => {
  const worker = startWorker();
  await worker.push({ notification: message.notification, fcmOptions: { link: "https://latchkey.test/activity" } });
  expect(worker.showNotification.mock.calls[0]?.[1]).toMatchObject({
    data: { link: "https://latchkey.test/activity" },
  });
});

test("a click leads to the window that shows the page, or to a new one, and never elsewhere", async () => {
  const link = "https://latchkey.test/devices";
  const there = startWorker([
    { url: "https://latchkey.test/home", visibilityState: "hidden" },
    { url: link, visibilityState: "hidden" },
  ]);
  await there.click({ link });
  expect(there.pages[1]?.focus).toHaveBeenCalledOnce();
  expect(there.openWindow).not.toHaveBeenCalled();

  // The user may be typing in the other window.
  const elsewhere = startWorker([{ url: "https://latchkey.test/profile", visibilityState: "hidden" }]);
  await elsewhere.click({ link });
  expect(elsewhere.openWindow).toHaveBeenCalledExactlyOnceWith(link);

  const nowhere = startWorker();
  await nowhere.click({ link: "https://evil.test/" });
  expect(nowhere.openWindow).toHaveBeenCalledExactlyOnceWith("/home");

  const anywhere = startWorker([{ url: "https://latchkey.test/profile", visibilityState: "hidden" }]);
  await anywhere.click(undefined);
  expect(anywhere.pages[0]?.focus).toHaveBeenCalledOnce();
});

test("notifies the pages that the browser has changed its subscription", async () => {
  const worker = startWorker([{ url: "https://latchkey.test/home", visibilityState: "hidden" }]);
  await worker.change();
  expect(worker.pages[0]?.postMessage).toHaveBeenCalledExactlyOnceWith({ kind: "subscription-changed" });
});
