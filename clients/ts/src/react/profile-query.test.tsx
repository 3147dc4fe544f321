// useSession and useQuery(getProfile) are one truth.
import { useMutation, useQuery } from "@connectrpc/connect-query";
import { QueryClient } from "@tanstack/react-query";
import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SlowTransport, slowly } from "../../test/held-answers.js";
import { AccountService } from "../gen/latchkey/v1/account_service_pb.js";
import type { User } from "../gen/latchkey/v1/user_pb.js";
import { createLatchkey, type Latchkey } from "../latchkey.js";
import { createFakeLatchkey, type FakeLatchkey, fakePassword } from "../testing/fake-latchkey.js";
import { LatchkeyProvider, useSession } from "./index.js";

configure({ asyncUtilTimeout: 20_000 });

let fake: FakeLatchkey;
let ada: User;
let transport: SlowTransport;
let client: Latchkey;
let queries: QueryClient;

beforeEach(() => {
  fake = createFakeLatchkey();
  ada = fake.addUser({ email: "ada@example.com", nickname: "ada" });
  fake.signIn(ada);
  transport = slowly(fake.transport);
  client = createLatchkey({ transport });
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
});

afterEach(cleanup);

/** Shows what the session and the query say: `ada ada`. */
function Both() {
  const session = useSession();
  const profile = useQuery(AccountService.method.getProfile);
  const rename = useMutation(AccountService.method.updateProfile);
  return (
    <>
      <p>
        {session.user?.nickname ?? "nobody"} {profile.data?.user?.nickname ?? "nobody"}
      </p>
      <button type="button" onClick={() => profile.refetch()}>
        refetch
      </button>
      <button type="button" onClick={() => rename.mutate({ nickname: "countess" })}>
        rename
      </button>
    </>
  );
}

async function show() {
  render(
    <LatchkeyProvider client={client} queryClient={queries}>
      <Both />
    </LatchkeyProvider>,
  );
  await screen.findByText("ada ada");
  await waitFor(() => expect(queries.isFetching()).toBe(0));
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

test("a mutation changes both", async () => {
  await show();
  press("rename");
  await screen.findByText("countess countess");
});

test("what the session hears, the query says", async () => {
  await show();
  fake.changeUser(ada, { nickname: "countess" });
  await client.session.refetch();
  await screen.findByText("countess countess");
});

test("what the query hears, the session says", async () => {
  await show();
  fake.changeUser(ada, { nickname: "countess" });
  press("refetch");
  await screen.findByText("countess countess");
});

test("an old answer to the query changes neither", async () => {
  await show();
  const late = transport.hold("getProfile");
  press("refetch");
  await late.done;
  press("rename");
  await screen.findByText("countess countess");
  late.release();
  await waitFor(() => expect(queries.isFetching()).toBe(0));
  screen.getByText("countess countess");
});

test("a query that is made later begins with what the session knows", async () => {
  await client.session.ready();
  const seen: string[] = [];
  function Profile() {
    const { data } = useQuery(AccountService.method.getProfile, undefined, { enabled: false });
    seen.push(data?.user?.nickname ?? "nobody");
    return <p>{data?.user?.nickname}</p>;
  }
  render(
    <LatchkeyProvider client={client} queryClient={queries}>
      <Profile />
    </LatchkeyProvider>,
  );
  await screen.findByText("ada");
  expect(fake.calls).not.toContain("getProfile");
});

test("a query that is content with fresh data asks nothing that the session has just asked", async () => {
  await client.session.ready();
  function Profile() {
    return <p>{useQuery(AccountService.method.getProfile, undefined, { staleTime: 10_000 }).data?.user?.nickname}</p>;
  }
  render(
    <LatchkeyProvider client={client} queryClient={queries}>
      <Profile />
    </LatchkeyProvider>,
  );
  await screen.findByText("ada");
  await waitFor(() => expect(queries.isFetching()).toBe(0));
  expect(fake.calls).toEqual(["getSession"]);
});

test("another user changes both, and a sign-out empties both", async () => {
  fake.addUser({ email: "bob@example.com", nickname: "bob" });
  await show();
  await client.auth.signIn({ email: "bob@example.com", password: fakePassword });
  await screen.findByText("bob bob");
  await client.session.signOut();
  await screen.findByText("nobody nobody");
});

test("two clients below one QueryClient keep their users apart", async () => {
  const other = createFakeLatchkey();
  other.signIn(other.addUser({ nickname: "grace" }));
  await show();
  render(
    <LatchkeyProvider client={other.client} queryClient={queries}>
      <Both />
    </LatchkeyProvider>,
  );
  await screen.findByText("grace grace");
  screen.getByText("ada ada");
});
