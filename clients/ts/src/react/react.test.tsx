import { useMutation, useQuery } from "@connectrpc/connect-query";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { useForm } from "react-hook-form";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useStore } from "zustand";
import { AccountService } from "../gen/latchkey/v1/account_service_pb.js";
import { AuthService, SignUpRequestSchema } from "../gen/latchkey/v1/auth_service_pb.js";
import { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";
import { ko } from "../texts/ko.js";
import {
  LatchkeyCoreProvider,
  LatchkeyProvider,
  Protected,
  useErrorText,
  useFormRules,
  useLatchkey,
  useSession,
} from "./index.js";

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
      <LatchkeyProvider client={fake.client} texts={ko}>
        {children}
      </LatchkeyProvider>
    </StrictMode>,
  );
}

const signIn = () => fake.client.auth.signIn({ email: "ada@example.com", password: fakePassword });

test("useSession follows the session", async () => {
  fake.addUser({ email: "ada@example.com", nickname: "ada" });
  function Who() {
    const session = useSession();
    return session.status === "signedIn" ? `hello ${session.user.nickname}` : session.status;
  }
  show(<Who />);
  screen.getByText("loading");
  await screen.findByText("signedOut");
  await signIn();
  await screen.findByText("hello ada");
  await fake.client.session.signOut();
  await screen.findByText("signedOut");
});

test("a server renders what is known before anything is", () => {
  const html = renderToString(
    <LatchkeyProvider client={fake.client}>
      <Protected loading="one moment">inside</Protected>
    </LatchkeyProvider>,
  );
  expect(html).toBe("one moment");
  expect(fake.calls).toEqual([]);
});

test("what was queried is forgotten at sign-out, and asked for again at sign-in", async () => {
  fake.addUser({ email: "ada@example.com" });
  await signIn();
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  function Profile() {
    const signOut = useMutation(AccountService.method.signOut);
    const email = useQuery(AccountService.method.getProfile).data?.user?.email ?? "nobody";
    return (
      <button type="button" onClick={() => signOut.mutate({})}>
        {email} {signOut.isSuccess && "bye"}
      </button>
    );
  }
  const seen: QueryClient[] = [];
  function Around() {
    seen.push(useQueryClient());
    return <Profile />;
  }
  render(
    <QueryClientProvider client={queries}>
      <LatchkeyProvider client={fake.client}>
        <Around />
      </LatchkeyProvider>
    </QueryClientProvider>,
  );
  fireEvent.click(await screen.findByText("ada@example.com"));
  expect(seen[0]).toBe(queries);
  queries.setQueryData(["secret"], "of ada");
  await screen.findByText("nobody bye");
  expect(queries.getQueryData(["secret"])).toBeUndefined();

  await signIn();
  await screen.findByText("ada@example.com bye");
});

test("a form shows the server's rules while the user types, and sends what passes", async () => {
  function SignUp() {
    const { auth } = useLatchkey();
    const form = useForm({
      resolver: standardSchemaResolver(useFormRules(SignUpRequestSchema)),
      defaultValues: {
        email: "ada@example.com",
        name: "Ada Lovelace",
        nickname: "",
        password: "",
        role: "trainee",
        verificationIds: [],
      },
      mode: "onChange",
    });
    const { errors } = form.formState;
    return (
      <form onSubmit={form.handleSubmit((request) => auth.signUp(request))}>
        <input placeholder="nickname" {...form.register("nickname")} />
        <input placeholder="password" {...form.register("password")} />
        <p>{errors.nickname?.message}</p>
        <p>{errors.password?.message}</p>
        <button type="submit">sign up</button>
        <button type="button" onClick={async () => form.setValue("verificationIds", [await proof()])}>
          prove
        </button>
      </form>
    );
  }
  async function proof() {
    const { verificationId } = await fake.client.auth.sendCode({ purpose: Purpose.SIGN_UP, email: "ada@example.com" });
    await fake.client.auth.verifyCode({ verificationId, code: fake.codeFor("ada@example.com") });
    return verificationId;
  }
  const type = (field: string, text: string) =>
    fireEvent.change(screen.getByPlaceholderText(field), { target: { value: text } });

  show(<SignUp />);
  await waitFor(() => expect(fake.calls).toContain("getSettings"));
  type("nickname", "a");
  await screen.findByText("2자 이상 입력해 주세요.");
  await waitFor(() => {
    type("password", "Vexqmrt1");
    screen.getByText("!나 # 같은 특수문자를 포함해 주세요.");
  });
  type("nickname", "ada");
  type("password", "Vexqmrt-1");
  fireEvent.click(screen.getByText("prove"));
  await waitFor(() => expect(fake.calls).toContain("verifyCode"));
  fireEvent.click(screen.getByText("sign up"));
  await waitFor(() =>
    expect(fake.client.session.getSnapshot()).toMatchObject({ user: { nickname: "ada", emailVerified: true } }),
  );
});

test("an error is shown in the language of the application", async () => {
  // Strict mode asks twice.
  fake.refuseNext("getSettings", "TOO_MANY_ATTEMPTS", { retryAfter: 30_000 });
  fake.refuseNext("getSettings", "TOO_MANY_ATTEMPTS", { retryAfter: 30_000 });
  function Settings() {
    const t = useErrorText();
    const { error } = useQuery(AuthService.method.getSettings);
    return error ? t(error) : null;
  }
  show(<Settings />);
  await screen.findByText("시도 횟수를 초과했어요. 30초 후 다시 시도해 주세요.");
});

test("zustand takes the session as a store", async () => {
  fake.addUser({ email: "ada@example.com" });
  function Role() {
    return useStore(fake.client.session, ({ role }) => role ?? "none");
  }
  render(<Role />);
  await screen.findByText("none");
  await signIn();
  await screen.findByText("trainee");
});

test("without a provider the hooks say what is missing", () => {
  const Lost = () => useSession().status;
  expect(() => renderToString(<Lost />)).toThrow("<LatchkeyProvider");
});

test("without queries the session and the guards work all the same", async () => {
  fake.addUser({ email: "ada@example.com" });
  render(
    <LatchkeyCoreProvider client={fake.client} texts={ko}>
      <Protected fallback="please sign in">inside</Protected>
    </LatchkeyCoreProvider>,
  );
  await screen.findByText("please sign in");
  await signIn();
  await screen.findByText("inside");
});
