// A page that is nothing but a client of the package, for tests that steer it from outside.
import { createLatchkey, LatchkeyError } from "@latchkey-auth/client";

const latchkey = createLatchkey(globalThis.serverUrl ? { baseUrl: globalThis.serverUrl } : {});
const seen: string[] = [];
const tell = () => {
  const { status, user, reason, error } = latchkey.session.getSnapshot() as {
    status: string;
    user?: { email: string };
    reason?: string;
    error?: LatchkeyError;
  };
  return [status, user?.email, reason, error && `(${error.reason})`].filter(Boolean).join(" ");
};

latchkey.session.subscribe(() => seen.push(tell()));

/** Makes a call. Returns `done`, or the reason of the error. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (caught) {
    return LatchkeyError.from(caught).reason;
  }
}

const steps = {
  session: tell,
  /** Everything that the session has been, in order. */
  seen: () => seen,
  /** Forgets what the session has been until now. */
  forget: () => seen.splice(0),
  check: async () => {
    await latchkey.session.refetch();
    return tell();
  },
  signIn: (email: string, password: string) => outcome(latchkey.auth.signIn({ email, password })),
  signOut: () => outcome(latchkey.session.signOut()),
  listActivity: () => outcome(latchkey.account.listActivity({})),
  rename: (name: string) => outcome(latchkey.account.updateProfile({ name })),
  name: async () => (await latchkey.account.getProfile()).user?.name,
};

declare global {
  var serverUrl: string | undefined;
  var clientPage: ClientPage;
}

/** What a test can do on the page. */
export type ClientPage = typeof steps;

globalThis.clientPage = steps;
