import type { Outbox } from "./outbox";
import type { Person } from "./person";

/** Options of an account. */
export interface Account {
  readonly role?: "trainee" | "trainer";
  readonly withPhone?: boolean;
  readonly locale?: string;
}

/** Creates an account by calls to the API. */
export async function signUp(origin: string, outbox: Outbox, person: Person, account: Account = {}): Promise<void> {
  const prove = async (contact: { email: string } | { phone: string }) => {
    const sent = await call(origin, "SendCode", { purpose: "PURPOSE_SIGN_UP", ...contact });
    const verificationId = String(sent["verificationId"]);
    const code = await outbox.code(Object.values(contact)[0] ?? "");
    await call(origin, "VerifyCode", { verificationId, code });
    return verificationId;
  };
  const { withPhone, role = "trainee", locale = "en" } = account;
  const verificationIds = [await prove({ email: person.email })];
  if (withPhone) {
    verificationIds.push(await prove({ phone: person.phone }));
  }
  const { email, phone, name, nickname, password } = person;
  await call(
    origin,
    "SignUp",
    { email, ...(withPhone && { phone }), name, nickname, password, role, verificationIds },
    { "Accept-Language": locale },
  );
}

/** Calls a method of AuthService. */
export async function call(
  origin: string,
  method: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(`${origin}/latchkey.v1.AuthService/${method}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} failed: ${text}`);
  }
  return JSON.parse(text) as Record<string, unknown>;
}
