import type { Reason } from "../errors/reason.js";

/**
 * What one tab tells the others: somebody has signed in, nobody is signed in any more, or the account was changed. Where
 * nobody has signed out, it tells why.
 */
export type News = "begun" | "ended" | "changed" | { readonly ended: Reason };

/** Carries news between the tabs of one browser. What it hears it believes: only pages of the same origin can speak. */
export class Tabs {
  readonly #name: string;
  readonly #onNews: (news: News) => void;
  #channel: BroadcastChannel | undefined;

  constructor(name: string, onNews: (news: News) => void) {
    this.#name = name;
    this.#onNews = onNews;
  }

  listen(): void {
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }: MessageEvent<News>) => this.#onNews(data);
  }

  stopListening(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  tell(news: News): void {
    if (this.#channel) {
      // A channel does not hear itself, so that a tab is not told its own news.
      this.#channel.postMessage(news);
      return;
    }
    const channel = new BroadcastChannel(this.#name);
    channel.postMessage(news);
    channel.close();
  }
}
