import { type ComponentType, lazy } from "react";
import { importAgain } from "./import-again";

/** How a try has ended: `missing` when the server is there and the file is not. */
export type LoadOutcome = "loaded" | "unreachable" | "missing";

/** Loads code again. */
export type RetryLoading = () => Promise<LoadOutcome>;

/** Loads the code of one component, and again after a failure, which React.lazy by itself does not. */
export class PageLoader<Props extends object> {
  readonly #load: () => Promise<{ readonly default: ComponentType<Props> }>;
  readonly #listeners = new Set<() => void>();
  #current: ComponentType<Props>;

  /** `Problem` is rendered instead of the component as long as its code could not be loaded. */
  constructor(load: () => Promise<{ readonly default: ComponentType<Props> }>, Problem: ComponentType<Props>) {
    this.#load = importAgain(load, "default");
    this.#current = lazy<ComponentType<Props>>(() => this.#load().catch(() => ({ default: Problem })));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Returns what is to be rendered: it suspends until the code is there, or could not be loaded. */
  readonly getSnapshot = (): ComponentType<Props> => this.#current;

  /** Tries again. What is on the page stays until there is code. Never rejects. */
  readonly retry = async (): Promise<LoadOutcome> => {
    if (!(await isServerThere())) {
      return "unreachable";
    }
    try {
      this.#current = (await this.#load()).default;
    } catch {
      return "missing";
    }
    for (const listener of this.#listeners) {
      listener();
    }
    return "loaded";
  };
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch("/", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
