import { isExpired, type SentCode } from "./sent-code";

/** A code, and the id of the user who requested it. Users without a session have no id. */
interface StoredCode {
  readonly owner: string | undefined;
  readonly code: SentCode;
}

const itemKey = "latchkey.codes";

/** Replaces sessionStorage in browsers that block it, until the page is reloaded. */
let fallback: string | null = null;

/**
 * Returns the code that was stored under a name in this tab. It survives a reload, because phones discard a page while the user
 * reads a message. docs/decisions/0030 says why the verification id may be stored.
 */
export function loadCode(name: string, owner: string | undefined): SentCode | undefined {
  const stored = read()[name];
  return stored?.owner === owner ? stored?.code : undefined;
}

/** Stores a code under a name; undefined removes it. */
export function storeCode(name: string, owner: string | undefined, code: SentCode | undefined): void {
  const { [name]: _, ...others } = read();
  write(code ? { ...others, [name]: { owner, code } } : others);
}

/** Removes the codes of all other users, so that the next user of this tab does not see them. */
export function clearCodesOfOthers(owner: string | undefined): void {
  write(Object.fromEntries(Object.entries(read()).filter(([, stored]) => stored.owner === owner)));
}

function read(): Record<string, StoredCode> {
  try {
    const stored: unknown = JSON.parse(readStorage() ?? "{}");
    return Object.fromEntries(
      Object.entries(stored as Record<string, StoredCode>).filter(
        ([, { code }]) => isSentCode(code) && !isExpired(code),
      ),
    );
  } catch {
    return {};
  }
}

function write(codes: Readonly<Record<string, StoredCode>>): void {
  const text = Object.keys(codes).length > 0 ? JSON.stringify(codes) : null;
  fallback = text;
  try {
    if (text === null) {
      sessionStorage.removeItem(itemKey);
    } else {
      sessionStorage.setItem(itemKey, text);
    }
  } catch {}
}

function readStorage(): string | null {
  try {
    return sessionStorage.getItem(itemKey);
  } catch {
    return fallback;
  }
}

/** Validates a stored code, which another version of the page may have written. */
function isSentCode({ contact, purpose, verificationId, endsAt, resendAt, clockAhead }: SentCode): boolean {
  return (
    typeof (contact.email ?? contact.phone) === "string" &&
    typeof verificationId === "string" &&
    [purpose, endsAt, resendAt, clockAhead].every(Number.isFinite)
  );
}
