import { setTimeout as pause } from "node:timers/promises";

/** A mail or a text message that was sent. */
export interface Message {
  readonly id: string;
  readonly channel: "email" | "sms" | "push";
  readonly subject: string;
  readonly text: string;
  readonly code?: string;
}

/** Where all messages of a server end in development. Each is read once, as people do. */
export class Outbox {
  readonly #origin: string;
  readonly #read = new Set<string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Waits for a message to somebody that was not read yet: delivery takes a moment. */
  async next(to: string, wanted: (message: Message) => boolean = () => true): Promise<Message> {
    for (const end = Date.now() + 20_000; Date.now() < end; await pause(25)) {
      const message = (await this.#list(to)).find((each) => !this.#read.has(each.id) && wanted(each));
      if (message) {
        this.#read.add(message.id);
        return message;
      }
    }
    throw new Error(`no message came for ${to}`);
  }

  /** Waits for the next code to somebody. */
  async code(to: string): Promise<string> {
    const { code } = await this.next(to, (message) => Boolean(message.code));
    return code ?? "";
  }

  /** Tells how many messages have gone to somebody so far. */
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
