// The client against the real server: the built binary with a Postgres of its own.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createLatchkey,
  formRules,
  type Latchkey,
  LatchkeyError,
  memoryTokenStore,
  Purpose,
  SignUpRequestSchema,
} from "../src/index.js";
import { fetchWithCookies } from "./cookie-jar.js";
import { type RunningServer, startServer } from "./server.js";

const password = "Vexqmrt-1";
const accessLives = 1000;

let server: RunningServer;
let people = 0;

beforeAll(async () => {
  server = await startServer({ LATCHKEY_ACCESS_TOKEN_TTL: "1s", LATCHKEY_RATE_LIMITS: "off" });
}, 600_000); // the first build takes its time

afterAll(() => server?.stop());

const bearer = (tokenStore = memoryTokenStore()) => ({
  tokenStore,
  client: createLatchkey({ baseUrl: server.url, tokenStore }),
});

async function signUp(client: Latchkey): Promise<string> {
  people++;
  const email = `ada${people}@example.com`;
  const { verificationId } = await client.auth.sendCode({ purpose: Purpose.SIGN_UP, email });
  await client.auth.verifyCode({ verificationId, code: await server.codeFor(email) });
  const names = { name: "Ada Lovelace", nickname: `ada${people}` };
  await client.auth.signUp({ email, ...names, password, role: "trainee", verificationIds: [verificationId] });
  return email;
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => "no refusal",
    (caught) => LatchkeyError.from(caught).reason,
  );

describe("in bearer mode", () => {
  test("a user signs up with a code from the mail, and is signed in", async () => {
    const { client, tokenStore } = bearer();
    const email = await signUp(client);
    expect(client.session.getSnapshot()).toMatchObject({
      status: "signedIn",
      role: "trainee",
      user: { email, emailVerified: true },
    });
    expect(await tokenStore.load()).toMatchObject({
      accessToken: expect.stringMatching(/^ey/),
      refreshToken: expect.stringMatching(/^ey/),
    });
    expect(await client.account.getProfile()).toMatchObject({ user: { email } });
  });

  test("an expired token is renewed automatically, whether the client or the server notices", async () => {
    const { client, tokenStore } = bearer();
    await signUp(client);
    const first = await tokenStore.load();
    await wait(accessLives);
    await Promise.all([client.account.getProfile(), client.account.listSessions(), client.account.listActivity({})]);
    const second = await tokenStore.load();
    expect(second?.refreshToken).not.toBe(first?.refreshToken);

    // A clock that is slow believes in the token; the server does not.
    await tokenStore.save({ ...(second as NonNullable<typeof second>), accessExpiresAt: Date.now() + 60_000 });
    await wait(accessLives);
    await client.account.getProfile();
    expect((await tokenStore.load())?.refreshToken).not.toBe(second?.refreshToken);
  });

  test("a sign-out ends the session for all holders of its tokens", async () => {
    const { client, tokenStore } = bearer();
    await signUp(client);
    const stolen = await tokenStore.load();
    const other = bearer({ load: () => stolen, save: () => undefined, clear: () => undefined }).client;
    expect(await other.session.ready()).toMatchObject({ status: "signedIn" });
    await client.session.signOut();
    await expect.poll(() => reasonOf(other.account.getProfile())).toBe("SESSION_REVOKED");
    expect(other.session.getSnapshot()).toEqual({ status: "signedOut", reason: "SESSION_REVOKED" });
  });

  test("a refresh token that was spent long ago ends the session", async () => {
    const { client, tokenStore } = bearer();
    await signUp(client);
    const spent = (await tokenStore.load())?.refreshToken ?? "";
    for (let i = 0; i < 2; i++) {
      await wait(accessLives);
      await client.account.getProfile();
    }
    expect(await reasonOf(client.auth.refresh({ refreshToken: spent }))).toBe("REFRESH_REUSED");
    await expect.poll(() => reasonOf(client.account.getProfile())).not.toBe("no refusal");
    expect(client.session.getSnapshot()).toMatchObject({ status: "signedOut", reason: expect.any(String) });
  });
});

describe("in cookie mode", () => {
  test("no token is ever seen, and the server renews by itself", async () => {
    const { fetch, cookies } = fetchWithCookies();
    const client = createLatchkey({ baseUrl: server.url, fetch });
    expect(await client.session.ready()).toEqual({ status: "signedOut" });

    const email = await signUp(client);
    const { tokens } = await client.auth.signIn({ email, password });
    expect(tokens).toMatchObject({ accessToken: "", refreshToken: "", accessExpiresAt: expect.anything() });
    const before = [...cookies.values()];
    expect(before).toHaveLength(2);
    await wait(accessLives);
    await client.account.getProfile();
    expect(cookies.size).toBe(2);
    expect([...cookies.values()].filter((value) => before.includes(value))).toEqual([]);

    const nextVisit = createLatchkey({ baseUrl: server.url, fetch });
    expect(await nextVisit.session.ready()).toMatchObject({ status: "signedIn", user: { email } });
    await expect.poll(() => nextVisit.session.getSnapshot().expiresAt?.getTime()).toBeGreaterThan(Date.now());

    await nextVisit.session.signOut();
    expect(cookies.size).toBe(0);
    expect(await client.session.refetch()).toMatchObject({ status: "signedOut" });
  });
});

describe("refusals", () => {
  test("a form says of a sign-up what the server says", async () => {
    const { client } = bearer();
    const settings = await client.auth.getSettings();
    const validate = formRules(SignUpRequestSchema, { settings })["~standard"].validate;
    for (const request of [
      {},
      { email: "ada", name: " ", nickname: "a", password: "x", role: "reader" },
      {
        email: "ada@example.com",
        name: "Ada",
        nickname: "ada",
        password: "vexqmrt",
        role: "trainee",
        verificationIds: ["a b", "a b", "c"],
      },
      {
        phone: "call me",
        name: "Ada\u200b",
        nickname: "🔑".repeat(21),
        password: "a".repeat(129),
        role: "trainee",
        locale: "de",
      },
    ]) {
      const error = await client.auth.signUp(request).catch(LatchkeyError.from);
      const told = (error as LatchkeyError).fieldViolations.map(({ field, rule }) => `${field}: ${rule}`);
      const form = (validate(request).issues ?? []).map(
        ({ path = [], rule }) => `${String(path[0])}${path.length > 1 ? `[${String(path[1])}]` : ""}: ${rule}`,
      );
      expect(form.sort()).toEqual(told.sort());
    }
  });

  test("they tell the reason, the tries that are left, and the request", async () => {
    const { client } = bearer();
    const email = await signUp(client);
    expect(await reasonOf(client.auth.signIn({ email, password: "wrong" }))).toBe("CREDENTIALS_INVALID");
    expect(await reasonOf(client.auth.sendCode({ purpose: Purpose.SIGN_UP, email }))).toBe("EMAIL_TAKEN");

    const { verificationId } = await client.auth.sendCode({ purpose: Purpose.SIGN_IN, email });
    const right = await server.codeFor(email);
    const wrong = await client.auth
      .verifyCode({ verificationId, code: right === "000000" ? "000001" : "000000" })
      .catch(LatchkeyError.from);
    expect(wrong).toMatchObject({
      reason: "CODE_MISMATCH",
      attemptsLeft: 4,
      requestId: expect.stringMatching(/^req_/),
    });
    await client.auth.verifyCode({ verificationId, code: right });
    await client.auth.signInWithCode({ verificationId });
  });

  test("a server that is gone is a lost connection", async () => {
    const client = createLatchkey({ baseUrl: "http://127.0.0.1:9" });
    expect(await reasonOf(client.auth.getSettings())).toBe("NETWORK_FAILED");
  });
});
