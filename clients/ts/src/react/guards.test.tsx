import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";
import { ko } from "../texts/ko.js";
import { HasRole, LatchkeyCoreProvider, Protected, PublicOnly, useErrorText, useSession } from "./index.js";

configure({ asyncUtilTimeout: 20_000 });

let fake: FakeLatchkey;

beforeEach(() => {
  fake = createFakeLatchkey();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function show(children: ReactNode) {
  return render(
    <StrictMode>
      <LatchkeyCoreProvider client={fake.client} texts={ko}>
        {children}
      </LatchkeyCoreProvider>
    </StrictMode>,
  );
}

const shown = () => document.body.textContent;
const lostConnection = "네트워크에 연결할 수 없어요. 연결 상태를 확인한 뒤 다시 시도해 주세요.";

test("guards let in whom they should, and show nothing before they know", async () => {
  fake.addUser({ email: "ada@example.com", role: "trainer" });
  show(
    <>
      <Protected loading="…" fallback="please sign in">
        inside
      </Protected>
      <PublicOnly fallback=" no need to sign in">outside</PublicOnly>
      <HasRole roles={["trainer", "admin"]}> for trainers</HasRole>
      <HasRole roles="admin" fallback=" not for you">
        for administrators
      </HasRole>
    </>,
  );
  expect(shown()).toBe("…");
  await waitFor(() => expect(shown()).toBe("please sign inoutside not for you"));
  await fake.client.auth.signIn({ email: "ada@example.com", password: fakePassword });
  await waitFor(() => expect(shown()).toBe("inside no need to sign in for trainers not for you"));
});

test.each([
  ["Protected", <Protected key="guard" loading="one moment" error="no answer" fallback="in" />],
  [
    "PublicOnly",
    <PublicOnly key="guard" loading="one moment" error="no answer">
      in
    </PublicOnly>,
  ],
  ["HasRole", <HasRole key="guard" roles="admin" loading="one moment" error="no answer" fallback="in" />],
])("%s shows its error while the server cannot be asked, and goes on by itself", async (_, guard) => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  fake.setOffline(true);
  show(guard);
  expect(shown()).toBe("one moment");
  await screen.findByText("no answer");
  fake.setOffline(false);
  await vi.advanceTimersByTimeAsync(1_000);
  await screen.findByText("in");
});

test("a guard that was given no error says what is wrong, and lets the user try again", async () => {
  fake.setOffline(true);
  show(<PublicOnly>in</PublicOnly>);
  expect((await screen.findByRole("alert")).textContent).toBe(`${lostConnection}다시 시도`);
  fake.setOffline(false);
  fireEvent.click(screen.getByRole("button", { name: "다시 시도" }));
  await screen.findByText("in");
});

test("an error element has the reason and the way to try again from the session", async () => {
  function Problem() {
    const { error, refetch } = useSession();
    const errorText = useErrorText();
    return (
      <button type="button" onClick={refetch}>
        {error && errorText(error)}
      </button>
    );
  }
  fake.refuseNext("getSession", "INTERNAL");
  show(<PublicOnly error={<Problem />}>in</PublicOnly>);
  fireEvent.click(await screen.findByRole("button", { name: ko.reasons.INTERNAL as string }));
  await screen.findByText("in");
});

test("who is signed in stays, though the server cannot be asked whether that is still so", async () => {
  fake.signIn(fake.addUser());
  function Problem() {
    return <>{useSession().error?.reason}</>;
  }
  show(
    <>
      <Protected error="no answer">in </Protected>
      <Problem />
    </>,
  );
  await screen.findByText("in");
  fake.setOffline(true);
  await fake.client.session.refetch();
  await waitFor(() => expect(shown()).toBe("in NETWORK_FAILED"));
  fake.setOffline(false);
  await fake.client.session.refetch();
  await waitFor(() => expect(shown()).toBe("in "));
});
