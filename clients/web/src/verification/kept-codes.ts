import { isOver, type SentCode } from "./sent-code";

/** A code, and the user who has asked for it; none if no user was signed in. */
interface KeptCode {
  readonly owner: string | undefined;
  readonly code: SentCode;
}

const key = "latchkey.codes";

/** What is kept where the browser refuses to: until the page is loaded again. */
let fallback: string | null = null;

/**
 * Returns the code that was sent under a name in this tab, also before the page was loaded again: phones drop a page while
 * the user reads a message. Why the id may stand there: docs/decisions/0030.
 */
export function keptCode(name: string, owner: string | undefined): SentCode | undefined {
  const kept = read()[name];
  return kept?.owner === owner ? kept?.code : undefined;
}

/** Keeps a code under a name, or forgets it. */
export function keepCode(name: string, owner: string | undefined, code: SentCode | undefined): void {
  const { [name]: _, ...others } = read();
  write(code ? { ...others, [name]: { owner, code } } : others);
}

/** Forgets the codes of all other users: the next user of this tab is not shown them. */
export function keepCodesOf(owner: string | undefined): void {
  write(Object.fromEntries(Object.entries(read()).filter(([, kept]) => kept.owner === owner)));
}

function read(): Record<string, KeptCode> {
  try {
    const kept: unknown = JSON.parse(load() ?? "{}");
    return Object.fromEntries(
      Object.entries(kept as Record<string, KeptCode>).filter(([, { code }]) => isSentCode(code) && !isOver(code)),
    );
  } catch {
    return {};
  }
}

function write(codes: Readonly<Record<string, KeptCode>>): void {
  const text = Object.keys(codes).length > 0 ? JSON.stringify(codes) : null;
  fallback = text;
  try {
    if (text === null) {
      sessionStorage.removeItem(key);
    } else {
      sessionStorage.setItem(key, text);
    }
  } catch {}
}

function load(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return fallback;
  }
}

/** A page of another version may have written it. */
function isSentCode({ contact, purpose, verificationId, endsAt, resendAt, clockAhead }: SentCode): boolean {
  return (
    typeof (contact.email ?? contact.phone) === "string" &&
    typeof verificationId === "string" &&
    [purpose, endsAt, resendAt, clockAhead].every(Number.isFinite)
  );
}
