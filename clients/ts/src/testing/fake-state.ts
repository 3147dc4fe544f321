import { create } from "@bufbuild/protobuf";
import { type Timestamp, TimestampSchema } from "@bufbuild/protobuf/wkt";
import type { Flat } from "../flat.js";
import type { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";
import { type User, UserSchema } from "../gen/latchkey/v1/user_pb.js";
import { FakeActivity } from "./fake-activity.js";
import { refusal } from "./refusal.js";

/** An account of the fake, with its password. */
export interface FakeAccount {
  user: User;
  /** Not set when the account has none. */
  password: string | undefined;
}

interface Verification {
  readonly contact: string;
  readonly purpose: Purpose;
  readonly code: string;
  attemptsLeft: number;
  /** When the proof expires; undefined until the right code was entered. */
  proofEndsAt: number | undefined;
}

const proofLifetime = 15 * 60_000;

/** The state of the fake, in place of a database. */
export class FakeState {
  readonly accounts = new Map<string, FakeAccount>();
  readonly activity = new FakeActivity();
  readonly #verifications = new Map<string, Verification>();
  readonly #newest = new Map<string, string>();
  #count = 0;
  #lastMicros = 0n;

  constructor(readonly settings: Settings) {}

  nextId(prefix: string): string {
    this.#count++;
    return `${prefix}_${String(this.#count).padStart(26, "0")}`;
  }

  addAccount(password: string | undefined, init: Flat<typeof UserSchema>): FakeAccount {
    const now = this.#now();
    const user = create(UserSchema, { id: this.nextId("usr"), locale: "en", createdAt: now, updatedAt: now, ...init });
    const account = { user, password };
    this.accounts.set(user.id, account);
    return account;
  }

  change(account: FakeAccount, init: Flat<typeof UserSchema>): User {
    account.user = create(UserSchema, { ...account.user, ...init, updatedAt: this.#now() });
    return account.user;
  }

  /** Returns a time later than the previous one, with the precision of the real server: microseconds. */
  #now(): Timestamp {
    const micros = BigInt(Date.now()) * 1000n;
    this.#lastMicros = micros > this.#lastMicros ? micros : this.#lastMicros + 1n;
    return create(TimestampSchema, {
      seconds: this.#lastMicros / 1_000_000n,
      nanos: Number(this.#lastMicros % 1_000_000n) * 1000,
    });
  }

  byContact(contact: string): FakeAccount | undefined {
    const holders = [...this.accounts.values()].filter(
      ({ user }) => contact !== "" && (user.email === contact || user.phone === contact),
    );
    return holders.find(({ user }) => isProven(user, contact)) ?? holders[0];
  }

  /** Removes a contact that was just proven from all accounts that have it unproven. */
  takeOver(contact: string, newOwner: string): void {
    for (const holder of this.accounts.values()) {
      const { id, email, phone } = holder.user;
      if (contact !== "" && id !== newOwner && (email === contact || phone === contact)) {
        this.change(holder, email === contact ? { email: "" } : { phone: "" });
        this.activity.record(id, "contact_lost", { device: "Unknown device", ip: "" });
      }
    }
  }

  /** Throws if another account has the contact or nickname. An unproven contact does not count as taken. */
  refuseTaken(contact: { email?: string; phone?: string; nickname?: string }): void {
    for (const { user } of this.accounts.values()) {
      if (contact.email && user.email === contact.email && user.emailVerified) {
        throw refusal("EMAIL_TAKEN", { violations: { email: "email.taken" } });
      }
      if (contact.phone && user.phone === contact.phone && user.phoneVerified) {
        throw refusal("PHONE_TAKEN", { violations: { phone: "phone.taken" } });
      }
      if (contact.nickname && user.nickname.toLowerCase() === contact.nickname.toLowerCase()) {
        throw refusal("NICKNAME_TAKEN", { violations: { nickname: "nickname.taken" } });
      }
    }
  }

  startVerification(contact: string, purpose: Purpose): string {
    const id = this.nextId("vrf");
    const code = String(100_000 + this.#count * 7);
    this.#verifications.set(id, {
      contact,
      purpose,
      code,
      attemptsLeft: this.settings.codes?.maxAttempts ?? 5,
      proofEndsAt: undefined,
    });
    this.#newest.set(`${purpose} ${contact}`, id);
    return id;
  }

  newestCode(contact: string): string | undefined {
    return [...this.#verifications.values()].findLast((verification) => verification.contact === contact)?.code;
  }

  /** Checks a code, and returns when its proof expires. The same code again returns the same proof, for a lost response. */
  checkCode(id: string, code: string): number {
    const verification = this.#verifications.get(id);
    if (!verification) {
      throw refusal("CODE_EXPIRED");
    }
    if (verification.code === code && isValid(verification)) {
      return verification.proofEndsAt;
    }
    if (verification.attemptsLeft === 0 || this.#newest.get(`${verification.purpose} ${verification.contact}`) !== id) {
      throw refusal("CODE_SPENT");
    }
    verification.attemptsLeft--;
    if (verification.code !== code) {
      throw verification.attemptsLeft > 0
        ? refusal("CODE_MISMATCH", { attemptsLeft: verification.attemptsLeft })
        : refusal("CODE_SPENT");
    }
    verification.proofEndsAt = Date.now() + proofLifetime;
    return verification.proofEndsAt;
  }

  /** Returns the contact of a proof, without consuming the proof. */
  proof(id: string, purpose: Purpose): string {
    const verification = this.#verifications.get(id);
    if (!verification || !isValid(verification) || verification.purpose !== purpose) {
      throw refusal("PROOF_INVALID");
    }
    return verification.contact;
  }

  consumeProof(id: string): void {
    this.#verifications.delete(id);
  }
}

function isValid(verification: Verification): verification is Verification & { proofEndsAt: number } {
  return verification.proofEndsAt !== undefined && Date.now() < verification.proofEndsAt;
}

function isProven(user: User, contact: string): boolean {
  return (user.email === contact && user.emailVerified) || (user.phone === contact && user.phoneVerified);
}

/** Returns the canonical form of an e-mail address. */
export function canonicalEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** Returns the canonical form of a phone number, roughly: the real server knows the numbering plans. */
export function canonicalPhone(text: string): string {
  const dialled = text.normalize("NFKC").replace(/[^\d+]/g, "");
  return dialled.startsWith("+") ? dialled : `+82${dialled.replace(/^0/, "")}`;
}
