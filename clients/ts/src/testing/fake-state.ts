import { create } from "@bufbuild/protobuf";
import { type Timestamp, TimestampSchema } from "@bufbuild/protobuf/wkt";
import type { Flat } from "../flat.js";
import type { Purpose } from "../gen/latchkey/v1/purpose_pb.js";
import type { Settings } from "../gen/latchkey/v1/settings_pb.js";
import { type User, UserSchema } from "../gen/latchkey/v1/user_pb.js";
import { FakeActivity } from "./fake-activity.js";
import { refusal } from "./refusal.js";

/** An account of the fake, and its password. */
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
  /** When the proof ends that the right code has left; undefined before that. */
  proofEndsAt: number | undefined;
}

const proofLives = 15 * 60_000;

/** What the fake remembers, as the real server remembers it in its database. */
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

  /** Returns a time that is later than the one before, in microseconds as the real server counts them. */
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

  /** Takes a contact that somebody has just proven from those who hold it without a proof. */
  takeOver(contact: string, newOwner: string): void {
    for (const loser of this.accounts.values()) {
      const { id, email, phone } = loser.user;
      if (contact !== "" && id !== newOwner && (email === contact || phone === contact)) {
        this.change(loser, email === contact ? { email: "" } : { phone: "" });
        this.activity.record(id, "contact_lost", { device: "Unknown device", ip: "" });
      }
    }
  }

  /** Refuses what somebody else has. A contact without a proof is not taken. */
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

  /** Returns when the proof ends that a right code leaves. The same code again, as after a lost answer, leaves the same proof. */
  checkCode(id: string, code: string): number {
    const verification = this.#verifications.get(id);
    if (!verification) {
      throw refusal("CODE_EXPIRED");
    }
    if (verification.code === code && isAlive(verification)) {
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
    verification.proofEndsAt = Date.now() + proofLives;
    return verification.proofEndsAt;
  }

  /** Gives the contact that a proof was made for, and leaves the proof. */
  proof(id: string, purpose: Purpose): string {
    const verification = this.#verifications.get(id);
    if (!verification || !isAlive(verification) || verification.purpose !== purpose) {
      throw refusal("PROOF_INVALID");
    }
    return verification.contact;
  }

  consumeProof(id: string): void {
    this.#verifications.delete(id);
  }
}

function isAlive(verification: Verification): verification is Verification & { proofEndsAt: number } {
  return verification.proofEndsAt !== undefined && Date.now() < verification.proofEndsAt;
}

function isProven(user: User, contact: string): boolean {
  return (user.email === contact && user.emailVerified) || (user.phone === contact && user.phoneVerified);
}

/** Gives the one form of an e-mail address. */
export function canonicalEmail(text: string): string {
  return text.trim().toLowerCase();
}

/** Gives the one form of a phone number, roughly: the real server knows the numbering plans. */
export function canonicalPhone(text: string): string {
  const dialled = text.normalize("NFKC").replace(/[^\d+]/g, "");
  return dialled.startsWith("+") ? dialled : `+82${dialled.replace(/^0/, "")}`;
}
