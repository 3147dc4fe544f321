import { setTimeout as pause } from "node:timers/promises";

/** A message that was sent. */
export interface Message {
  readonly id: string;
  readonly channel: "email" | "sms" | "push";
  readonly subject: string;
  readonly text: string;
  readonly code?: string;
}

/** The messages of a server in development. Each is returned once. */
export class Outbox {
  readonly #origin: string;
  readonly #read = new Set<string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Waits for an unread message to a contact. */
  async next(to: string, wanted: (message: Message) => boolean = () => true): Promise<Message> {
    for (const end = Date.now() + 20_000; Date.now() < end; await pause(25)) {
      const message = (await this.#list(to)).find((each) => !this.#read.has(each.id) && wanted(each));
      if (message) {
        this.#read.add(message.id);
        return message;
      }
    }
    throw new Error(`no message arrived for ${to}`);
  }

  /** Waits for the next code to a contact. */
  async code(to: string): Promise<string> {
    const { code } = await this.next(to, (message) => Boolean(message.code));
    return code ?? "";
  }

  /** Returns the number of messages to a contact so far. */
  async count(to: string): Promise<number> {
    return (await this.#list(to)).length;
  }

  async #list(to: string): Promise<readonly Message[]> {
    const answer = await fetch(`${this.#origin}/dev/outbox?to=${encodeURIComponent(to)}`, {
      headers: { Accept: "application/json" },
    });
    return (await answer.json()) as readonly Message[];
  }
}
